package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/tekwright/tekwright/pkg/cluster"
)

// connection is the cluster that a command works on, as kubectl finds it.
type connection struct {
	*app
	kubeconfig string
	context    string
	namespace  string
	account    string
}

// flags adds the flags that say which cluster it is.
func (k *connection) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVarP(&k.namespace, "namespace", "n", "", "`namespace` of what names none (default: that of the context)")
	flags.StringVar(&k.kubeconfig, "kubeconfig", "", "`file` that says how to reach the cluster (default: as kubectl finds it)")
	flags.StringVar(&k.context, "context", "", "`context` of the kubeconfig to use (default: its current one)")
	flags.StringVar(&k.account, "as", "", "`user` to act for: system:serviceaccount:NAMESPACE:NAME is an account")
}

// interruptible is a context that an interrupt ends; a second one ends the
// program.
func interruptible(ctx context.Context) context.Context {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx
}

// connect makes the client, and settles the namespace of what names none.
func (k *connection) connect() (*cluster.Client, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = k.kubeconfig
	if files := k.Env(clientcmd.RecommendedConfigPathEnvVar); files != "" {
		rules.Precedence = filepath.SplitList(files)
	}
	var overrides clientcmd.ConfigOverrides
	overrides.CurrentContext = k.context
	overrides.Context.Namespace = k.namespace
	overrides.AuthInfo.Impersonate = k.account
	lazy := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, &overrides)
	config, err := lazy.ClientConfig()
	switch {
	case clientcmd.IsEmptyConfig(err):
		return nil, fmt.Errorf("no cluster is configured\n  help: set KUBECONFIG, or give --kubeconfig FILE")
	case err != nil:
		return nil, fmt.Errorf("the kubeconfig is of no use: %w", err)
	}
	if k.namespace, _, err = lazy.Namespace(); err != nil {
		return nil, fmt.Errorf("the kubeconfig is of no use: %w", err)
	}
	// The command asks one thing after another; the limit of client-go is for
	// controllers.
	config.QPS, config.Burst = 50, 100
	config.WarningHandler = rest.NoWarnings{}
	return cluster.New(config, cluster.Options{Namespace: k.namespace})
}
