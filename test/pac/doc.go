// Package pac holds what tekwright says about a .tekton folder against
// Pipelines-as-Code itself. It runs the code of Pipelines-as-Code, without a cluster,
// a git provider or the network, on a folder and the payload of a webhook, and compares
// the runs, their specs and the errors.
//
// Real are: the detection and parsing of payloads, the expansion of {{ }}, the params of
// the Repository, reading the YAML, matching, resolution, labels, and the PipelineRun that
// is sent to the cluster (PacRun.Run). Fake are the calls of the provider's API (type
// fake), HTTP, and the three clientsets.
//
// It is a separate module because Pipelines-as-Code needs newer modules of Kubernetes than
// Tekton does, and the clients of five git providers.
package pac
