// Package harness is a cluster of one event listener: it puts the YAML that
// tekwright writes into upstream's event sink, in front of upstream's
// interceptors, and returns what the sink creates when a request comes in.
//
// Only the network is not real: the interceptors are called in the same
// process, Secrets are a map, and what the sink creates is kept. GitHub's API,
// which tells the changed files of pull requests, and the Services of webhook
// interceptors answer what a test gives them.
//
// Each request goes to pkg/simulate as well, which must say what the sink does.
package harness

import (
	"bytes"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tektoncd/triggers/pkg/apis/triggers"
	"github.com/tektoncd/triggers/pkg/interceptors/server"
	"github.com/tektoncd/triggers/pkg/sink"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/tekwright/tekwright/pkg/manifest"
)

// Namespace is where the listener and all that it serves live.
const Namespace = "ci"

// Listener is an EventListener that runs.
type Listener struct {
	stream  []byte
	sink    *sink.Sink
	objects *objects
	secrets secrets
	network *network
	created *created
	logs    *observer.ObservedLogs
}

// Of starts the listener that the sources bring. They are written as YAML,
// which must pass upstream's strict decoding, defaulting and validation.
func Of(t testing.TB, sources ...manifest.Source) *Listener {
	t.Helper()
	var stream bytes.Buffer
	require.NoError(t, manifest.New(sources...).Namespace(Namespace).Write(&stream))
	return Open(t, stream.Bytes())
}

// Open starts the one listener of a YAML stream. Objects without a namespace
// live in [Namespace].
func Open(t testing.TB, stream []byte) *Listener {
	t.Helper()
	objects := read(t, stream)
	core, logs := observer.New(zap.DebugLevel)
	logger := zap.New(core).Sugar()
	l := &Listener{stream: stream, objects: objects, secrets: secrets{}, created: &created{}, logs: logs}
	interceptors, err := server.NewWithCoreInterceptors(l.secrets, zap.NewNop().Sugar())
	require.NoError(t, err)
	l.network = &network{interceptors: interceptors, services: services{}}
	recorder, err := sink.NewRecorder()
	require.NoError(t, err)
	l.sink = &sink.Sink{
		EventListenerName:      objects.listener.Name,
		EventListenerNamespace: objects.listener.Namespace,
		HTTPClient:             l.network.client(),
		DynamicClient:          l.created.client(),
		DiscoveryClient:        discovery{},
		Auth:                   l.created,
		Logger:                 logger,
		Recorder:               recorder,
		PayloadValidation:      objects.listener.Annotations[triggers.PayloadValidationAnnotation] != "false",
		WGProcessTriggers:      &sync.WaitGroup{},
	}
	objects.serve(l.sink)
	return l
}

// Secret gives a key of a Secret in the listener's namespace a value.
func (l *Listener) Secret(name, key, value string) *Listener {
	l.secrets[secretKey{l.sink.EventListenerNamespace, name, key}] = value
	return l
}
