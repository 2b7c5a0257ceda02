package infra_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestMoreMistakes tests the mistakes in what others own, in ways in, and in permissions.
func TestMoreMistakes(t *testing.T) {
	run := deployment("release", "release", "prod", deployments)
	l := &movable{name: "el-github", port: 8080}
	route := func() *infra.HTTPRoute { return infra.NewHTTPRoute("a", "").Gateway("g", "", "") }
	for name, c := range map[string]struct {
		from manifest.Source
		want string
	}{
		"a Secret without an owner":    {infra.NewSecret("a", "k").OwnedBy(" "), "owner-missing"},
		"a Secret with two makers":     {infra.NewSecret("a", "k").FromEnv("k", "K").OwnedBy("ops"), "source-ignored"},
		"a handle as type":             {infra.NewSecret("a", "k").Type(corev1.SecretType(fieldHandle())), "handle-misplaced"},
		"a key without a place":        {infra.NewExternalSecret(infra.NewSecret("a", "k", "l"), "v").Key("k", "x", ""), `key "l" of the Secret has no entry`},
		"an unknown key":               {infra.NewExternalSecret(infra.NewSecret("a", "k"), "v").Key("k", "x", "").Key("l", "x", ""), `the Secret has no key "l"`},
		"a key twice":                  {infra.NewExternalSecret(infra.NewSecret("a", "k"), "v").Key("k", "x", "").Key("k", "x", ""), "key-duplicate"},
		"an empty entry":               {infra.NewExternalSecret(infra.NewSecret("a", "k"), "v").Key("k", "", ""), "source-missing"},
		"no store":                     {infra.NewExternalSecret(infra.NewSecret("a", "k"), "").Key("k", "x", ""), "name of the store is empty"},
		"a bad interval":               {infra.NewExternalSecret(infra.NewSecret("a", "k"), "v").Key("k", "x", "").Refresh("often"), "interval-invalid"},
		"a bad name, once":             {infra.NewExternalSecret(infra.NewSecret("A", "k"), "v").Key("k", "x", ""), "name-invalid"},
		"no Secret":                    {infra.NewExternalSecret(nil, "v"), "the Secret is nil"},
		"a handle as store":            {infra.NewExternalSecret(infra.NewSecret("a", "k"), fieldHandle()).Key("k", "x", ""), "handle-misplaced"},
		"no Gateway":                   {infra.NewHTTPRoute("a", "").Path("/", web), "gateway-missing"},
		"no path":                      {route(), "path-missing"},
		"a Gateway twice":              {route().Gateway("g", "", "").Path("/", web), "gateway-duplicate"},
		"a relative path":              {route().Path("a", web), "path-invalid"},
		"a path twice":                 {route().Path("/", web).Path("/", web), "path-duplicate"},
		"no backend":                   {route().Path("/", nil), "backend-missing"},
		"a backend elsewhere":          {route().Path("/hooks", web).Path("/", infra.Dashboard()), "backend-elsewhere"},
		"a host with a scheme":         {infra.NewHTTPRoute("a", "https://x").Gateway("g", "", "").Path("/", web), "host-invalid"},
		"a policy for a Service":       {infra.NewListenerPolicy(web), "listener-missing"},
		"a policy for nil":             {infra.NewListenerPolicy((*movable)(nil)), "listener-missing"},
		"a namespace twice":            {infra.NewListenerPolicy(l).From("a", "a"), "namespace-duplicate"},
		"a bad namespace":              {infra.NewListenerPolicy(l).From("A"), "name-invalid"},
		"an empty user":                {infra.NewRole("a", "", pods).BindUsers(""), "name-invalid"},
		"a user twice":                 {infra.NewRole("a", "", pods).BindUsers("x", "x"), "user-duplicate"},
		"a service account as user":    {infra.NewRole("a", "", pods).BindUsers("system:serviceaccount:ci:x"), "subject-invalid"},
		"names of what nobody needs":   {infra.RunRBAC(run).Named("release", "deployments", "x"), "resource-unneeded"},
		"names of nobody":              {infra.RunRBAC(run).Named("relase", "deployments.apps", "x"), "serviceaccount-unknown"},
		"no names":                     {infra.RunRBAC(run).Named("release", "deployments.apps"), "name-invalid"},
		"a bad name of an object":      {infra.RunRBAC(run).Named("release", "deployments.apps", "a/b"), "name-invalid"},
		"applied by the default one":   {infra.NewApplyRBAC("default"), "serviceaccount-missing"},
		"applied from nil":             {infra.NewApplyRBAC("deployer", (*manifest.Set)(nil)), "source-missing"},
		"applied from a broken source": {infra.NewApplyRBAC("deployer", infra.NewRole("a", "")), "rule-missing"},
	} {
		objects, err := c.from.Objects()
		assert.ErrorContains(t, err, c.want, "%s: %v", name, objects)
		again := ""
		_, err = c.from.Objects()
		require.Error(t, err)
		again = err.Error()
		_, err = c.from.Objects()
		assert.EqualError(t, err, again, name)
	}
	for _, none := range []manifest.Source{(*infra.ExternalSecret)(nil), (*infra.HTTPRoute)(nil), (*infra.ListenerPolicy)(nil), (*infra.ApplyRBAC)(nil)} {
		_, err := none.Objects()
		assert.ErrorContains(t, err, "is nil")
	}
}
