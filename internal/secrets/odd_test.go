package secrets_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// odd are secrets in places where they should not be. Two letters stand for the canary.
var odd = map[string]string{
	"data in metadata":       "apiVersion: v1\nkind: Secret\nmetadata: {name: SHOWN, stringData: {SHOWN: VV}}\n",
	"data in metadata too":   "apiVersion: v1\nkind: Secret\nmetadata:\n  name: SHOWN\n  data:\n    SHOWN: VV\n  labels: {a: SHOWN}\n",
	"misspelled there":       "apiVersion: v1\nkind: Secret\nmetadata:\n  strngData: {SHOWN: VV}\n  name: SHOWN\n",
	"data in the type":       "apiVersion: v1\nkind: Secret\nmetadata: {name: SHOWN}\ntype: {stringData: {x: VV}}\n",
	"a list":                 "kind: ConfigMap\nmetadata: {name: SHOWN}\ndata: {password: [VV], other: SHOWN}\n",
	"a list in lines":        "kind: X\nvalues:\n  dbPassword:\n    - VV\n    - VV\n  other: [SHOWN]\n",
	"a kind behind comments": "kind: # a\n  # kind\n  # kind: b\n  Secret\nstringdate:\n  x: VV: [\n",
	"a tagged kind":          "kind: !!str Secret\ndata:\n  x: VV: [\n",
	"an anchored kind":       "kind: &a &kind \"Secret\"\ndata:\n  x: VV: [\n",
	"an alias":               "kind: *a\ndata:\n  x: VV: [\n",
	"a misspelled kind":      "kind: Secrte\ndata:\n  x: VV: [\n",
	"no kind":                "  data:\n  x: VV: [\n",
	"no kind in braces":      "{ \"data\": {x: VV: [\n",
	"a kind without a colon": "kind Secret\nx: VV: [\n",
	"a setting":              "a: [\nenv:\n- name: DB_PASSWORD\n  value: VV\n- name: SHOWN\n  value: SHOWN\n",
	"settings of JSON":       "{\"a\": [{\"name\": \"SHOWN\", \"value\": \"SHOWN\"}, {\"name\": \"token\", \"value\": \"VV\"\n",
	"two values":             "a: SHOWN\nDB_PASSWORD: VV: x\nb: SHOWN\n",
	"an open quote":          "a: SHOWN\npassword: \"VV\n",
	"an open list":           "a: SHOWN\nspec:\n  - token: [VV\n",
	"a bad block":            "a: SHOWN\npassword: |\n  VV\nb: SHOWN: x\n",
	"beside a variable":      "kind: TriggerBinding\nspec: {params: [{name: password, value: \"VV$(body.x)\"}, {name: a, value: $(body.SHOWN)}]}\n",
	"behind a variable":      "kind: TriggerBinding\nspec: {params: [{name: token, value: \"$(body.x)VV\"}, {name: a, value: $(body.SHOWN)}]}\n",
	"beside a wrong one":     "kind: TriggerBinding\nspec: {params: [{name: password, value: \"VV$(bod.x)\"}]}\n",
	"a header":               "filter: \"header['X-Gitlab-Token'] == 'VV' && body.SHOWN\"\n",
	"a header in quotes":     "filter: 'header[\"X-Gitlab-Token\"] == \"VV\" && body.SHOWN'\n",
	"a canonical header":     "filter: header.canonical('X-Gitlab-Token') == 'VV' && body.SHOWN\n",
	"a matched header":       "filter: header.match('X-Gitlab-Token', 'VV') && body.SHOWN\n",
	"a field of the body":    "filter: body.token=='VV' && body.SHOWN\n",
	"another way round":      "filter: \"'VV' == body.token && body.SHOWN\"\n",
	"unequal":                "filter: body.data.password != 'VV' && body.SHOWN\n",
	"compareSecret":          "filter: \"compareSecret('VV', 'SHOWN') && body.SHOWN\"\n",
	"compareSecret of one":   "filter: \"'VV'.compareSecret('SHOWN', 'token')\"\n",
	"a when expression":      "when: [{input: $(params.password), operator: in, values: [VV, VV]}, {input: $(params.a), operator: in, values: [SHOWN]}]\n",
	"a when with brackets":   "when:\n  - input: $(params[\"db-password\"])\n    operator: notin\n    values:\n      - VV\n",
	"a when about a result":  "when: [{input: $(tasks.SHOWN.results.token), operator: in, values: [VV]}]\n",
}

func TestOdd(t *testing.T) {
	for name, text := range odd {
		text = strings.ReplaceAll(text, "VV", canary+"9K")
		out := secrets.Text(text)
		assert.NotContains(t, out, canary, name)
		assert.Equal(t, strings.Count(text, "SHOWN"), strings.Count(out, "SHOWN"), "%s: %s", name, out)
		message := "lists " + canary + "9K twice"
		assert.NotContains(t, secrets.NewMask(secrets.In(text).Values).Text(message, false), canary, name)
	}
}

func TestOddShown(t *testing.T) {
	for _, text := range []string{
		"filter: header.match('X-GitHub-Event', 'push') && body.action == 'Opened1' && body.token_type == 'Bearer1'\n",
		"filter: header.canonical('X-Token').compareSecret('secretKey1', 'Name1', 'Space1')\n",
		"filter: body.token == extensions.token && body.ref != 'Ref1234567'\n",
		"kind: TriggerBinding\nspec: {params: [{name: token, value: \"prefix-$(body.x)\"}, {name: password, value: $(body.a)-$(body.b)}]}\n",
		"when: [{input: $(params.revision), operator: in, values: [Main1234, $(params.token)]}]\n",
		"kind: Role\nrules: [{apiGroups: [v1], resources: [secrets, Tokens1], verbs: [get]}]\n",
		"kind: ServiceAccount\nsecrets: [{name: Name1234}]\nimagePullSecrets: [{name: Pull1234}]\n",
		"a: b: c\nsecretName: Name1234\ntokenFile: /a/b1\npassword:\n  secretKeyRef: {name: Name1234}\nkeyword: Word1234\ntoken: $(params.token)\n",
		"kind: Task\ndata:\n  x: Abcd1234: [\n",
		"kind: Task # a Secret\nx: Abcd1234: [\n",
		"mankind: Secret\nx: Abcd1234: [\n",
		"metadata: Abcd1234: [\nold data: Abcd1234\n",
		"apiVersion: v1\nkind: Secret\nmetadata: {name: s, labels: {data: Label123}, date: Date1234}\n",
	} {
		assert.Equal(t, text, secrets.Text(text))
	}
}

// TestUntil tests that a Reader that has to end early does little more.
func TestUntil(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("---\nkind: Secret\na: [\n", 1000),
		"kind: Secret\ndata:\n" + strings.Repeat("  a: b: [\n", 1000),
		"a: [\n" + strings.Repeat("password: Abcd1234\n", 1000),
		"kind: X\nlist:\n" + strings.Repeat("  - {token: Abcd1234, x: [{a: b}]}\n", 1000),
	} {
		asked := 0
		r := secrets.NewReader(text)
		r.Until(func() bool { asked++; return asked > 2 })
		for d := range yamlread.Documents(text) {
			r.Document(d)
		}
		p := r.Parts()
		assert.Less(t, len(p.Ranges), 400)
		assert.Greater(t, asked, 2)
		assert.Less(t, len(p.Ranges), len(secrets.In(text).Ranges))
	}
}

// TestLongLines tests that the time for what cannot be read grows with its size only.
func TestLongLines(t *testing.T) {
	began := time.Now()
	for _, part := range []string{"kind ", "kind # ", "kind # \n", "kind: &kind ", "&kind ", "name: ", "name: token ", "\"data\" ", "password: | ", "kind:\"", "a: token: name: "} {
		secrets.In("a: [ token data\n" + strings.Repeat(part, 1<<19/len(part)))
	}
	assert.Less(t, time.Since(began), time.Minute, "a few seconds on a busy machine")
}
