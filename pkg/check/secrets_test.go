package check_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/object"
)

func TestSecretKey(t *testing.T) {
	listener := func(key string) object.Object {
		p := v1beta1.InterceptorParams{Name: "secretRef"}
		p.Value.Raw = []byte(`{"secretName":"hook","secretKey":"` + key + `"}`)
		o := &v1beta1.Trigger{TypeMeta: metav1.TypeMeta{APIVersion: "triggers.tekton.dev/v1beta1", Kind: "Trigger"}}
		o.Name = "t"
		o.Spec.Interceptors = []*v1beta1.TriggerInterceptor{{Ref: v1beta1.InterceptorRef{Name: "github", Kind: v1beta1.ClusterInterceptorKind}, Params: []v1beta1.InterceptorParams{p}}}
		return object.Object{Object: o}
	}
	secret := func(name string) object.Object {
		return object.Object{Object: &corev1.Secret{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
			ObjectMeta: metav1.ObjectMeta{Name: name}, Data: map[string][]byte{"token": nil},
		}}
	}
	codes := func(objects ...object.Object) (codes []string) {
		for _, f := range runAll(objects, check.Profile{}) {
			if !strings.HasPrefix(f.Code, "secret-") {
				continue
			}
			codes = append(codes, f.Code+" "+f.Path.String()+" "+f.Help)
		}
		return codes
	}
	assert.Equal(t, []string{`secret-key-unknown spec.interceptors[0].params[0].value.secretKey did you mean "token"?`}, codes(listener("tokn"), secret("hook")))
	assert.Empty(t, codes(listener("token"), secret("hook")))
	assert.Equal(t, []string{`secret-external spec.interceptors[0].params[0].value.secretName add it to the checked objects, or list it under "exists" in the profile`}, codes(listener("tokn"), secret("other")), "a Secret that is not in the set may have any key")
}
