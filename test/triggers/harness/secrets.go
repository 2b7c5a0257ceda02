package harness

import (
	"context"
	"fmt"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
)

// secretKey is a key of a Secret.
type secretKey struct{ namespace, name, key string }

// secrets are the Secrets that the interceptors see.
type secrets map[secretKey]string

// Get is the value of a key.
func (s secrets) Get(_ context.Context, namespace string, ref *v1beta1.SecretRef) ([]byte, error) {
	v, ok := s[secretKey{namespace, ref.SecretName, ref.SecretKey}]
	if !ok {
		return nil, fmt.Errorf("namespace %q has no Secret %q with key %q", namespace, ref.SecretName, ref.SecretKey)
	}
	return []byte(v), nil
}
