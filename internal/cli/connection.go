package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/go-logr/logr"
	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"

	"github.com/tekwright/tekwright/pkg/cluster"
)

// connection selects the cluster that a command works on, as in kubectl.
type connection struct {
	*app
	kubeconfig string
	context    string
	namespace  string
	as         string
}

// flags adds the flags that select the cluster.
func (k *connection) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVarP(&k.namespace, "namespace", "n", "", "`namespace` of objects that do not set one (default: that of the context)")
	flags.StringVar(&k.kubeconfig, "kubeconfig", "", "kubeconfig `file` (default: as in kubectl)")
	flags.StringVar(&k.context, "context", "", "`context` of the kubeconfig (default: the current context)")
	flags.StringVar(&k.as, "as", "", "`user` to impersonate; for a service account: system:serviceaccount:NAMESPACE:NAME")
}

// interruptible returns a context that is canceled by an interrupt. A second
// interrupt ends the program.
func interruptible(ctx context.Context) context.Context {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx
}

// silence discards what client-go logs without a context, such as a token that cannot be
// renewed. It would be written to the standard error of the process, as it is.
var silence = sync.OnceFunc(func() { klog.SetLogger(logr.Discard()) })

// connect returns a client, and sets the default namespace.
func (k *connection) connect() (*cluster.Client, error) {
	config, err := k.config()
	if err != nil {
		return nil, err
	}
	return cluster.New(config, cluster.Options{Namespace: k.namespace})
}

// config returns how to reach the cluster, and sets the default namespace.
func (k *connection) config() (*rest.Config, error) {
	silence()
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = k.kubeconfig
	if files := k.Env(clientcmd.RecommendedConfigPathEnvVar); files != "" {
		rules.Precedence = filepath.SplitList(files)
	}
	var overrides clientcmd.ConfigOverrides
	overrides.CurrentContext = k.context
	overrides.Context.Namespace = k.namespace
	overrides.AuthInfo.Impersonate = k.as
	lazy := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, &overrides)
	config, err := lazy.ClientConfig()
	switch {
	case clientcmd.IsEmptyConfig(err):
		return nil, fmt.Errorf("no cluster is configured\n  help: set KUBECONFIG or --kubeconfig")
	case err != nil:
		return nil, fmt.Errorf("cannot use the kubeconfig: %w", err)
	}
	if k.namespace, _, err = lazy.Namespace(); err != nil {
		return nil, fmt.Errorf("cannot use the kubeconfig: %w", err)
	}
	// The command sends one request after another; the default limit of client-go
	// is meant for controllers.
	config.QPS, config.Burst = 50, 100
	config.WarningHandler = rest.NoWarnings{}
	return config, nil
}
