package events

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	authorizationv1 "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/tekwright/tekwright/test/e2e/harness"
)

// as is a client with the rights of an account.
func as(t *testing.T, c *harness.Cluster, namespace, account string) kubernetes.Interface {
	t.Helper()
	config := rest.CopyConfig(c.Config)
	config.Impersonate = rest.ImpersonationConfig{
		UserName: "system:serviceaccount:" + namespace + ":" + account,
		Groups:   []string{"system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated"},
	}
	client, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	return client
}

// held are the rights of an account in a namespace: "create pipelineruns.tekton.dev".
func held(t *testing.T, client kubernetes.Interface, namespace string) (rights []string) {
	t.Helper()
	answer, err := client.AuthorizationV1().SelfSubjectRulesReviews().Create(t.Context(),
		&authorizationv1.SelfSubjectRulesReview{Spec: authorizationv1.SelfSubjectRulesReviewSpec{Namespace: namespace}}, metav1.CreateOptions{})
	require.NoError(t, err)
	require.False(t, answer.Status.Incomplete, answer.Status.EvaluationError)
	for _, r := range answer.Status.ResourceRules {
		for _, verb := range r.Verbs {
			for _, group := range r.APIGroups {
				for _, resource := range r.Resources {
					right := verb + " " + strings.TrimSuffix(resource+"."+group, ".")
					if len(r.ResourceNames) > 0 {
						right += " " + strings.Join(r.ResourceNames, ",")
					}
					rights = append(rights, right)
				}
			}
		}
	}
	slices.Sort(rights)
	return slices.Compact(rights)
}

// rights proves that the sink runs under the listener's own account, which may
// watch what it serves and create runs, and no more than that.
func (s *sink) rights() {
	s.t.Helper()
	deployment, err := s.c.Core.AppsV1().Deployments(s.ns).Get(s.t.Context(), "el-"+s.name, metav1.GetOptions{})
	require.NoError(s.t, err)
	account := deployment.Spec.Template.Spec.ServiceAccountName
	require.Equal(s.t, "el-"+s.name, account)

	client := as(s.t, s.c, s.ns, account)
	wide := []string{"get", "list", "watch"}
	var everywhere, here []string
	for _, verb := range wide {
		everywhere = append(everywhere, verb+" clusterinterceptors.triggers.tekton.dev", verb+" clustertriggerbindings.triggers.tekton.dev")
		for _, resource := range []string{"eventlisteners", "interceptors", "triggerbindings", "triggers", "triggertemplates"} {
			here = append(here, verb+" "+resource+".triggers.tekton.dev")
		}
	}
	here = append(append(here, everywhere...), "create pipelineruns.tekton.dev")
	other := s.c.Namespace(s.t)
	for namespace, want := range map[string][]string{s.ns: here, other: everywhere} {
		anybody := held(s.t, as(s.t, s.c, s.ns, "no-such-account"), namespace)
		rights := slices.DeleteFunc(held(s.t, client, namespace), func(r string) bool { return slices.Contains(anybody, r) })
		assert.ElementsMatch(s.t, want, rights)
	}
	_, err = client.CoreV1().Secrets(s.ns).List(s.t.Context(), metav1.ListOptions{})
	assert.True(s.t, apierrors.IsForbidden(err), "%v", err)
}
