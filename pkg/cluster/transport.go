package cluster

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http" //nolint:depguard // the type of client-go's transport
	"time"

	"github.com/go-logr/logr"
)

// transport limits how long requests may take, and recognizes answers that no API server
// gives.
type transport struct {
	next  http.RoundTripper
	limit time.Duration
}

// RoundTrip implements http.RoundTripper. The limit includes reading the answer, apart
// from watches and logs, which have no end.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := r.Context(), func() {}
	if q := r.URL.Query(); !q.Has("watch") && !q.Has("follow") {
		ctx, cancel = context.WithTimeoutCause(ctx, t.limit, &silentError{t.limit})
	}
	answer, err := t.next.RoundTrip(r.WithContext(ctx))
	if err != nil {
		defer cancel()
		return nil, interrupted(ctx, err)
	}
	answer.Body = &body{answer.Body, ctx, cancel}
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if kind == "text/html" {
		switch code := answer.StatusCode; {
		case code == http.StatusUnauthorized, code == http.StatusRequestTimeout, code == http.StatusTooManyRequests, code >= 500:
		default: // a proxy may say these
			_ = answer.Body.Close()
			return nil, &foreignError{"it answers with an HTML page"}
		}
	}
	return answer, nil
}

// body is the body of an answer, which a limit or the caller can interrupt.
type body struct {
	io.ReadCloser
	ctx    context.Context
	cancel func()
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF { //nolint:errorlint // readers return it as it is
		err = interrupted(b.ctx, err)
	}
	return n, err
}

// Close implements io.Closer.
func (b *body) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}

// silentError reports that a request was not answered within the limit.
type silentError struct{ limit time.Duration }

func (e *silentError) Error() string { return "no answer within " + e.limit.String() }

// foreignError reports an answer that no API server of Kubernetes gives.
type foreignError struct{ why string }

func (e *foreignError) Error() string { return e.why }

// stoppedError is the error of a request that was interrupted because its context has
// ended. It wraps the error of the context and the cause.
type stoppedError struct{ err, cause error }

func (e *stoppedError) Error() string   { return e.cause.Error() }
func (e *stoppedError) Unwrap() []error { return []error{e.err, e.cause} }

// interrupted returns why a request has failed: the end of its context, if it has ended.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	cause := context.Cause(ctx)
	if silent, ok := errors.AsType[*silentError](cause); ok {
		return silent
	}
	return &stoppedError{ctx.Err(), cause}
}

// quiet returns a context in which client-go does not log. By default it writes to
// standard error. What it logs is either returned as an error or of no interest. A logger of the
// caller is kept.
func quiet(ctx context.Context) context.Context {
	if _, err := logr.FromContext(ctx); err == nil {
		return ctx
	}
	return logr.NewContext(ctx, logr.Discard())
}
