package cluster

import (
	"errors"
	"fmt"

	tekton "github.com/tektoncd/pipeline/pkg/client/clientset/versioned"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	corev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

// Client drives Tekton on one cluster. It is safe for concurrent use.
type Client struct {
	options   Options
	objects   dynamic.Interface
	discovery discovery.CachedDiscoveryInterface
	mapper    meta.ResettableRESTMapper
	tekton    tekton.Interface
	core      corev1.CoreV1Interface
}

// Options say how a Client works. The zero value is of use.
type Options struct {
	// Namespace is that of objects and runs which name none; "default" if
	// empty.
	Namespace string

	// FieldManager is the name under which fields are owned
	// (metadata.managedFields); "tekwright" if empty.
	FieldManager string

	// Attempts is how often a request is tried in all that meets a conflict,
	// an overloaded server, or a lost connection; 5 if zero.
	Attempts int
}

// New makes a client of the cluster that config leads to. It sends no request.
func New(config *rest.Config, o Options) (*Client, error) {
	if config == nil {
		return nil, errors.New("no rest.Config: make one with clientcmd or rest.InClusterConfig")
	}
	if o.Namespace == "" {
		o.Namespace = "default"
	}
	if o.FieldManager == "" {
		o.FieldManager = "tekwright"
	}
	if o.Attempts == 0 {
		o.Attempts = 5
	}
	config = rest.CopyConfig(config)
	if config.UserAgent == "" {
		config.UserAgent = "tekwright"
	}
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("cannot use the rest.Config: %w", err)
	}
	c := &Client{options: o}
	if c.objects, err = dynamic.NewForConfigAndClient(config, client); err != nil {
		return nil, fmt.Errorf("cannot use the rest.Config: %w", err)
	}
	found, err := discovery.NewDiscoveryClientForConfigAndClient(config, client)
	if err != nil {
		return nil, fmt.Errorf("cannot use the rest.Config: %w", err)
	}
	c.discovery = memory.NewMemCacheClient(found)
	c.mapper = restmapper.NewDeferredDiscoveryRESTMapper(c.discovery)
	if c.tekton, err = tekton.NewForConfigAndClient(config, client); err != nil {
		return nil, fmt.Errorf("cannot use the rest.Config: %w", err)
	}
	if c.core, err = corev1.NewForConfigAndClient(config, client); err != nil {
		return nil, fmt.Errorf("cannot use the rest.Config: %w", err)
	}
	return c, nil
}
