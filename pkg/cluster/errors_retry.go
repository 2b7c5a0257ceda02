package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
)

// attemptsError is the last error of a request that was attempted repeatedly.
type attemptsError struct {
	attempts int
	err      error
}

func (e *attemptsError) Error() string {
	return fmt.Sprintf("%v (gave up after %d attempts)", e.err, e.attempts)
}

func (e *attemptsError) Unwrap() error { return e.err }

// retry sends a request until it succeeds or fails permanently, waiting longer
// each time. The request must be safe to repeat.
func (c *Client) retry(ctx context.Context, request func(context.Context) error) error {
	ctx = quiet(ctx)
	var last error
	attempts := 0
	err := wait.ExponentialBackoffWithContext(ctx, c.backoff, func(ctx context.Context) (bool, error) {
		attempts++
		if last = request(ctx); last != nil && !passing(last) {
			return false, last
		}
		return last == nil, nil
	})
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil && (err != last || errors.Is(err, ctx.Err())): //nolint:errorlint // not one that wraps it
		return interrupted(ctx, err)
	case err == last: //nolint:errorlint // not one that wraps it
		return c.doubted(ctx, err)
	}
	return &attemptsError{attempts, last}
}

// doubted returns the error of a request. If the server does not know the path, it may
// be none of Kubernetes, and the error then says so.
func (c *Client) doubted(ctx context.Context, err error) error {
	if apierrors.IsNotFound(err) && apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse) {
		if foreign := c.served.foreign(ctx); foreign != nil {
			return foreign
		}
	}
	return err
}

// passing reports whether an error is temporary.
func passing(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	if _, silent := errors.AsType[*silentError](err); silent {
		return false // it has had its time
	}
	var late notYet
	switch {
	case errors.As(err, &late):
		return true
	case apierrors.IsConflict(err), apierrors.IsAlreadyExists(err):
		return !apierrors.HasStatusCause(err, metav1.CauseTypeFieldManagerConflict)
	case apierrors.IsTooManyRequests(err), apierrors.IsServerTimeout(err), apierrors.IsTimeout(err), apierrors.IsServiceUnavailable(err):
		return true
	}
	var answer apierrors.APIStatus
	if !errors.As(err, &answer) {
		return lost(err)
	}
	// An error of the server itself, of a webhook that does not answer, or of a
	// proxy. But a patch that does not match the schema is a 500, too.
	status := answer.Status()
	return status.Code >= 500 && !typed().MatchString(status.Message)
}

// lost reports whether a request got no answer at all.
func lost(err error) bool {
	if _, silent := errors.AsType[*silentError](err); silent {
		return true
	}
	noAnswer, ok := errors.AsType[*url.Error](err)
	if _, foreign := errors.AsType[*foreignError](err); foreign || !ok {
		return false
	}
	// Certificate errors do not go away by retrying.
	text := noAnswer.Error()
	return !strings.Contains(text, "x509: ") && !strings.Contains(text, "tls: ")
}
