package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http" //nolint:depguard // the type of client-go's transport
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
)

// Client controls Tekton on one cluster. It is safe for concurrent use.
type Client struct {
	options Options
	host    string
	backoff wait.Backoff // between the attempts of a request
	served  served
	objects dynamic.Interface
	structs map[schema.GroupVersion]rest.Interface
}

// valid returns an error for a client that was not made by New.
func (c *Client) valid() error {
	if c == nil || c.objects == nil {
		return errors.New("the client is nil or empty: make it with New")
	}
	return nil
}

// Options are options for a [Client]. The zero value is valid.
type Options struct {
	// Namespace is the namespace of objects and runs that do not set one. The
	// default is "default".
	Namespace string

	// FieldManager is the name of the field manager for server-side apply
	// (metadata.managedFields). The default is "tekwright".
	FieldManager string

	// Attempts is the maximum number of times that a request is sent if it
	// fails because of a conflict, an overloaded server, a webhook that is not
	// ready, or a lost connection. The default is 5, which takes about 8
	// seconds.
	Attempts int

	// RequestTimeout is how long the API server may take to answer a request, apart
	// from watches and logs. The default is the Timeout of the rest.Config, or else one
	// minute, after which API servers give up themselves. A request that takes
	// longer is not repeated.
	RequestTimeout time.Duration
}

// New returns a client for the cluster that config refers to. It sends no
// requests. Requests are not rate-limited unless config says so: the API server
// has its own flow control, and client-go's default limit, meant for
// controllers, would make a set of 50 objects take 20 seconds.
//
// Warnings of the API server are passed to the warning handler of config, if it
// has one, and are part of each Change. They are not printed, unlike
// client-go's default.
func New(config *rest.Config, o Options) (*Client, error) {
	if config == nil {
		return nil, errors.New("config is nil: load one with clientcmd or rest.InClusterConfig")
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
	limit := cmp.Or(max(o.RequestTimeout, 0), config.Timeout, time.Minute)
	config.Timeout = 0 // it would end watches, too
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return &transport{next, limit} })
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

// collector passes the warnings of a response to the sender of the request.
type collector struct {
	next  rest.WarningHandlerWithContext
	plain rest.WarningHandler
}

type warningsKey struct{}

// warnings collects the warnings of the requests of one context.
type warnings struct {
	mu    sync.Mutex
	texts []string
}

// collecting returns a context whose requests add their warnings to w.
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
