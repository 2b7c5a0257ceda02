// Package harness is what the parts of the suite share: the cluster, a
// namespace for each test, and the record of what stood in for what.
package harness

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	tekton "github.com/tektoncd/pipeline/pkg/client/clientset/versioned"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/tekwright/tekwright/pkg/cluster"
)

// Tiers of the cluster that the suite knows by CLUSTER_TIER. Any other cluster
// has no tier.
const (
	ControlPlane = "control-plane" // real API server and Tekton; pods are completed by a stand-in
	Node         = "node"          // a node on which steps run
)

// Main runs the tests of a part if there is a cluster.
func Main(m *testing.M) {
	if os.Getenv("KUBECONFIG") == "" {
		fmt.Fprintln(os.Stderr, "SKIPPED: KUBECONFIG points to no cluster; nothing was proved")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Cluster is the live cluster.
type Cluster struct {
	Tier    string // ControlPlane, Node, or "" for any other cluster
	Config  *rest.Config
	Client  *cluster.Client // what the library offers
	Objects dynamic.Interface
	Core    kubernetes.Interface
	Tekton  tekton.Interface

	mapped sync.Once
	mapper meta.RESTMapper
}

// Get connects to the cluster that KUBECONFIG points to.
func Get(t *testing.T) *Cluster {
	t.Helper()
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
		clientcmd.NewDefaultClientConfigLoadingRules(), nil).ClientConfig()
	require.NoError(t, err)
	config.QPS, config.Burst = 200, 400
	c := &Cluster{Tier: os.Getenv("CLUSTER_TIER"), Config: config}
	c.Client, err = cluster.New(config, cluster.Options{})
	require.NoError(t, err)
	c.Objects, err = dynamic.NewForConfig(config)
	require.NoError(t, err)
	c.Core, err = kubernetes.NewForConfig(config)
	require.NoError(t, err)
	c.Tekton, err = tekton.NewForConfig(config)
	require.NoError(t, err)
	return c
}

// Needs skips the test, saying why, unless the cluster is of the tier.
func (c *Cluster) Needs(t *testing.T, tier string) {
	t.Helper()
	if c.Tier != tier {
		t.Skipf("SKIPPED: needs a cluster of the tier %q, this one is %q", tier, c.Tier)
	}
}

// Namespace makes a namespace for the test, which is removed at its end; the
// test does not wait for that.
func (c *Cluster) Namespace(t *testing.T) string {
	t.Helper()
	ns, err := c.Core.CoreV1().Namespaces().Create(t.Context(),
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "e2e-"}}, metav1.CreateOptions{})
	require.NoError(t, err)
	// A pod that comes before the account of its namespace is refused.
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		_, err := c.Core.CoreV1().ServiceAccounts(ns.Name).Get(context.Background(), "default", metav1.GetOptions{})
		assert.NoError(t, err)
	}, time.Minute, 50*time.Millisecond)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		_ = c.Core.CoreV1().Namespaces().Delete(ctx, ns.Name, metav1.DeleteOptions{})
	})
	return ns.Name
}

// StandsIn records for the report that something took the place of another: a
// kubelet that plays verdicts, an image made by a recipe.
func StandsIn(t *testing.T, what string) { t.Attr("stand-in", what) }
