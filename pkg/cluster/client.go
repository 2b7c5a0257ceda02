package cluster

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
)

// Client drives Tekton on one cluster. It is safe for concurrent use.
type Client struct {
	options Options
	host    string
	backoff wait.Backoff // between the attempts of a request
	served  served
	objects dynamic.Interface
	structs map[schema.GroupVersion]rest.Interface
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
	// an overloaded server, a webhook that is not ready, or a lost connection;
	// 5 if zero, which is about 8 seconds.
	Attempts int
}

// New makes a client of the cluster that config leads to. It sends no request.
// Where the config sets no rate of requests there is none, since the API server
// shares itself out; client-go's own is for controllers, and makes a set of 50
// objects take 20 seconds.
//
// Warnings of the API server go to the handler of the config, if it has one, and
// into each Change; client-go's own would print them.
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
	if o.Attempts <= 0 {
		o.Attempts = 5
	}
	config = rest.CopyConfig(config)
	if config.UserAgent == "" {
		config.UserAgent = "tekwright"
	}
	if config.QPS == 0 && config.Burst == 0 && config.RateLimiter == nil {
		config.QPS = -1
	}
	config.WarningHandlerWithContext = collector{config.WarningHandlerWithContext, config.WarningHandler}
	config.WarningHandler = nil
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("cannot use the rest.Config: %w", err)
	}
	c := &Client{options: o, host: config.Host,
		backoff: wait.Backoff{Duration: 300 * time.Millisecond, Factor: 2.5, Jitter: 0.1, Steps: o.Attempts}}
	if c.objects, err = dynamic.NewForConfigAndClient(config, client); err != nil {
		return nil, fmt.Errorf("cannot use the rest.Config: %w", err)
	}
	if c.structs, err = restClients(config, client); err != nil {
		return nil, fmt.Errorf("cannot use the rest.Config: %w", err)
	}
	c.served.client = c.structs[corev1.SchemeGroupVersion] // any will do
	return c, nil
}

// collector hands the warnings of a response to whoever sent the request.
type collector struct {
	next  rest.WarningHandlerWithContext
	plain rest.WarningHandler
}

type warningsKey struct{}

// warnings are those of the requests of one context.
type warnings struct {
	mu    sync.Mutex
	texts []string
}

// collecting returns a context whose requests leave their warnings in w.
func collecting(ctx context.Context) (context.Context, *warnings) {
	w := new(warnings)
	return context.WithValue(ctx, warningsKey{}, w), w
}

// HandleWarningHeaderWithContext implements rest.WarningHandlerWithContext.
func (c collector) HandleWarningHeaderWithContext(ctx context.Context, code int, agent, text string) {
	if w, ok := ctx.Value(warningsKey{}).(*warnings); ok && code == 299 && text != "" {
		w.mu.Lock()
		w.texts = append(w.texts, text)
		w.mu.Unlock()
	}
	switch {
	case c.next != nil:
		c.next.HandleWarningHeaderWithContext(ctx, code, agent, text)
	case c.plain != nil:
		c.plain.HandleWarningHeader(code, agent, text)
	}
}
