#!/bin/sh
# The cluster to deploy to. This file is merged into the scripts that source it, which
# define fail.

# cluster selects the kubeconfig, if there is one. Otherwise the tools use the service
# account of the pod.
cluster() {
  [ "$KUBECONFIG_BOUND" = true ] || return 0
  for kubeconfig in config kubeconfig value; do
    [ -f "$KUBECONFIG_PATH/$kubeconfig" ] || continue
    export KUBECONFIG="$KUBECONFIG_PATH/$kubeconfig"
    return
  done
  fail "the kubeconfig workspace has no file config, kubeconfig or value"
}
