package secrets_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/hostile"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/internal/yamlread"
)

const canary, encoded = hostile.Canary, hostile.Encoded

func TestHidden(t *testing.T) {
	for name, text := range hostile.Secrets {
		t.Run(name, func(t *testing.T) {
			shown := secrets.Text(text)
			for _, value := range []string{canary, encoded, hostile.Number} {
				assert.NotContains(t, shown, value)
			}
			assert.Contains(t, shown, secrets.Hidden)
			assert.Equal(t, strings.Count(text, "SHOWN"), strings.Count(shown, "SHOWN"), "%s", shown)
			assert.Equal(t, strings.Count(text, "\n"), strings.Count(shown, "\n"), "lines")

			p := secrets.In(text)
			assert.True(t, slices.IsSortedFunc(p.Ranges, func(a, b [2]int) int { return a[1] - b[0] }))
			message := fmt.Sprintf("not %s, but %q", canary, canary)
			if strings.Contains(text, canary) {
				assert.NotContains(t, secrets.NewMask(p.Values).Text(message, false), canary)
			}
		})
	}
}

// shown are manifests of which nothing is hidden.
var shown = map[string]string{
	"ConfigMap":                  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {password-file: /etc/x, token: y}\n",
	"references":                 "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - env:\n        - name: PASSWORD\n          valueFrom: {secretKeyRef: {name: x, key: password}}\n        - {name: TOKEN_FILE, value: /etc/token}\n        - {name: PASSWORD, value: $(params.password)}\n      script: |\n        docker login -u x -p \"$PASSWORD\"\n        curl -u \"$USER:$PASSWORD\" https://example.com\n        git clone https://$USER:$TOKEN@example.com/a\n        echo a@b:c\n",
	"broken":                     "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: x\nspec:\n  steps: [{secretKeyRef: {name: a}}]\n",
	"port":                       "apiVersion: v1\nkind: Pod\nspec: {url: 'https://example.com:8080/a@b', image: registry:5000/x@sha256:abc}\n",
	"comments":                   "# kind: Secret\n# '{\"data\": {\"a\": \"b\"}}'\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: a}\n---\n# data: b\n---\nkind: Task\nmetadata: {name: x}\n",
	"resolver":                   "apiVersion: tekton.dev/v1\nkind: TaskRun\nspec:\n  taskRef:\n    resolver: git\n    params: [{name: token, value: name-of-a-secret}]\n",
	"a name":                     "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: secret-x}\nspec:\n  steps: [\n",
	"data":                       "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\ndata:\n  a: b\n",
	"joined":                     "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\napiVersion: v1\nkind: Task\nspec: {params: [{name: a}]}\n",
	"scripts":                    "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - script: |\n        export TOKEN=$(cat /x) PASSWORD=\"$P\" API_KEY=${K} TOKEN=true\n        curl -H \"Authorization: Bearer $TOKEN\" -H \"PRIVATE-TOKEN: ${T}\" https://git@example.com\n        gpg --passphrase-file /x --password \"$P\"\n        kubectl create secret generic a --from-literal=a=\"$A\" --from-file=b=/c\n",
	"bundles":                    "apiVersion: tekton.dev/v1\nkind: TaskRun\nspec:\n  taskRef:\n    resolver: bundles\n    params: [{name: secret, value: pull-secret}, {name: gitToken, value: scm-secret}, {name: gitTokenKey, value: pat}, {name: token, value: scm-2}]\n",
	"descriptions of secrets":    "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - env:\n        - {name: TOKEN_TYPE, value: Bearer-X1}\n        - {name: PASSWORD_FILE, value: x1.Y2}\n        - {name: SECRET_NAME, value: Deploy1}\n        - {name: AUTH, value: basic}\n        - {name: PATH, value: bin1:BIN2}\n        - {name: AUTHOR, value: Me123}\n        - {name: COMPASS, value: North1}\n        - {name: KEYBOARD, value: QWERTZ1}\n        - {name: MONKEY, value: Ape12}\n        - {name: ACCESS_KEY_ID, value: Id12345}\n",
	"names of Secrets":           "apiVersion: tekton.dev/v1\nkind: TaskRun\nspec:\n  params: [{name: docker-secret, value: registry-login}, {name: secret, value: git-2}, {name: secretKey, value: token}]\n",
	"references of interceptors": "apiVersion: triggers.tekton.dev/v1beta1\nkind: EventListener\nspec:\n  triggers: [{interceptors: [{ref: {name: github}, params: [{name: secretRef, value: {secretName: Hook1, secretKey: token}}, {name: x, value: {personalAccessToken: {secretName: hook, secretKey: pat}}}]}]}]\n",
	"no tokens":                  "apiVersion: tekton.dev/v1\nkind: Task\nspec: {description: 'ghp_x glpat-x npm_config_registry SG.x AKIA eyJ PRIVATE KEY-----', a: x_ghp_0123456789012345678901234567890123456789}\n",
	"a public key":               "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    -----BEGIN PUBLIC KEY-----\n    abc\n    -----END PUBLIC KEY-----\n",
	"permission":                 "kind: X\npermissions: {id-token: write}\nautomountServiceAccountToken: false\n",
	"empty":                      "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  password:\n  b: \"\"\n",
}

func TestShown(t *testing.T) {
	for name, text := range shown {
		want := text
		if name == "empty" {
			want = strings.ReplaceAll(text, `""`, secrets.Hidden)
		}
		assert.Equal(t, want, secrets.Text(text), name)
	}
}

func TestMask(t *testing.T) {
	values := []string{"hunter2", "ab", "7"}
	assert.Equal(t, `not *** or "***"; hunter2x, ab 7`, secrets.NewMask(values[:1]).Text(`not hunter2 or "hunter2"; hunter2x, ab 7`, false))
	assert.Equal(t, `ab, not ***, "***" about 77 ***`, secrets.NewMask(values).Text(`ab, not ab, "ab" about 77 7`, true))
	assert.Equal(t, "ab", secrets.NewMask(values).Text("ab", false))
	comment := secrets.In("kind: Secret\ndata:\n  # for git-clone\n  a: aHVudGVyMg==\n")
	assert.Equal(t, `step "git-clone", ***`, secrets.NewMask(comment.Values).Text(`step "git-clone", hunter2`, false))
	var more []string
	for i := range 1000 {
		more = append(more, fmt.Sprintf("first value%d", i))
	}
	assert.Equal(t, `not *** ***, "***", ab, not ***`, secrets.NewMask(append(more, "ab")).Text(`not first value7, "value999", ab, not ab`, true))
	// The name of an object is no secret, even if it is the same word as a value.
	named := secrets.NewMask([]string{"deploy-bot", "s3cr3tX9y8z7w6", "admin"})
	assert.Equal(t, `Secret "deploy-bot" has no key "admin", ServiceAccount "admin" not "***"; Secret "***", value "***"`,
		named.Text(`Secret "deploy-bot" has no key "admin", ServiceAccount "admin" not "admin"; Secret "s3cr3tX9y8z7w6", value "deploy-bot"`, true))
	assert.Equal(t, `Secret "value999x", step "build"`, secrets.NewMask(append(more, "build")).Text(`Secret "value999x", step "build"`, true))
	assert.Equal(t, "at https://me:***@example.com", secrets.Addresses("at https://me:pw@example.com"))
}

// TestEscaped tests that a Secret is found if escapes hide all words of one.
// TestMaskOwnWords keeps the words of messages and the keys of Secrets: a value that
// repeats one would hide it, and says nothing.
// TestVariables tests that a value that is a variable of Tekton is shown: it is no secret.
func TestVariables(t *testing.T) {
	for value, hidden := range map[string]bool{
		"$(params.apikey)": false, "$(tt.params.apikey)": false, " $(params.apikey) ": false, "$(context.taskRun.name)": false,
		"$(cat /etc/passwd)": true, "x$(params.apikey)": true, "$(params.a)$(params.b)": true, "hunter22": true, "$(params.": true,
	} {
		assert.Equal(t, hidden, len(secrets.OfObject(map[string]any{"kind": "Secret", "stringData": map[string]any{"apikey": value}})) > 0, value)
		for _, form := range []string{"{kind: Secret, stringData: {apikey: '%s'}}", "kind: Secret\nstringData:\n  apikey: '%s'\n"} {
			text := fmt.Sprintf(form, value)
			assert.Equal(t, hidden, secrets.Text(text) != text, text)
		}
	}
	values := secrets.In("kind: Secret\nstringData:\n  header: Bearer $(params.apikey)\n").Values
	assert.NotContains(t, values, "$(params.apikey)")
	assert.Contains(t, values, "Bearer $(params.apikey)")
}

func TestMaskOwnWords(t *testing.T) {
	text := "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {privatekey: privatekey, other: base64, third: swordfish1}\n"
	message := `"privatekey" must be base64, but "swordfish1" is not`
	want := `"privatekey" must be base64, but "***" is not`
	assert.Equal(t, want, secrets.NewMask(secrets.In(text).Values).Text(message, true))
	values := secrets.OfSecret(nil, map[string]string{"privatekey": "privatekey", "other": "base64", "third": "swordfish1"})
	assert.Equal(t, want, secrets.NewMask(values).Text(message, false))
	values = secrets.OfObject(map[string]any{"kind": "Secret", "data": map[string]any{"privatekey": "privatekey", "other": "base64", "third": "swordfish1"}})
	assert.Equal(t, want, secrets.NewMask(values).Text(message, false))
}

func TestEscaped(t *testing.T) {
	for _, text := range []string{
		"kind: \"S\\x65cret\"\n\"d\\x61ta\":\n  a: hunter2\n",
		"{\"kind\": \"S\\u0065cret\", \"d\\u0061ta\": {\"a\": \"hunter2\"}}",
		"kind: \"Se\\\n  cret\"\n\"d\\x61ta\":\n  a: hunter2\n",
	} {
		assert.NotContains(t, secrets.Text(text), "hunter2", "%s", text)
	}
}

// TestReader tests that a Reader finds what In finds, with a mask for each document.
func TestReader(t *testing.T) {
	for name, text := range hostile.Secrets {
		for _, stream := range []string{text, "a: b\n---\n" + text + "\n---\n" + text} {
			r := secrets.NewReader(stream)
			for d := range yamlread.Documents(stream) {
				r.Document(d)
				own, _ := d.Extent()
				want := secrets.NewMask(secrets.In(own).Values)
				message := fmt.Sprintf("not %s, but %q", canary, canary)
				if got := r.Mask().Text(message, false); want.Text(message, false) != message {
					assert.NotContains(t, got, canary, name)
				}
			}
			assert.Equal(t, secrets.In(stream), r.Parts(), name)
		}
	}
}

// TestKnown tests that values of Secrets are hidden in other texts, but not words that are no
// secrets.
func TestKnown(t *testing.T) {
	var k secrets.Known
	k.Add(secrets.In("apiVersion: v1\nkind: Secret\nstringData: {a: Hunter2-Hunter2, user: ci-bot, url: registry.example.com, b: SomeClass, c: 'two words1', d: abc1}\n"))
	assert.Equal(t, "x *** ***, xHunter2-Hunter2 ci-bot registry.example.com SomeClass two words1 abc1", k.Hide("x Hunter2-Hunter2 SHVudGVyMi1IdW50ZXIy, xHunter2-Hunter2 ci-bot registry.example.com SomeClass two words1 abc1"))
	var values []string
	for i := range 1000 {
		values = append(values, fmt.Sprintf("same-beginning-%dX", i))
	}
	var many secrets.Known
	many.AddValues(values)
	assert.Equal(t, "a *** b", many.Hide("a same-beginning-1X b"))
	var none *secrets.Known
	assert.Equal(t, "a", none.Hide("a"))
}

// FuzzText tests that the canary is hidden wherever it is in the data of a Secret, and in
// what may be one and cannot be read.
func FuzzText(f *testing.F) {
	f.Add("", "  a: ", "\n", "")
	f.Add("metadata: {name: x}\n", "\n  a: |\n    ", "\n  b: x\n", "type: Opaque\n")
	f.Add("", " {a: '", "', b: [", "}\n")
	f.Add("", " {a: \"", "\\\n x\", b: 1", "}\n")
	f.Add("x: &x {a: b}\n", "\n  <<: *x\n  a: >-\n   ", "\n\n  # a\n  b: x\n", "type: Opaque\n")
	f.Fuzz(func(t *testing.T, before, open, behind, after string) {
		text := before + "kind: Secret\nstringData:" + open + canary + behind + after
		if strings.Count(text, canary) != 1 {
			return
		}
		out := secrets.Text(text)
		assert.Equal(t, strings.Count(text, "\n"), strings.Count(out, "\n"))
		for d := range yamlread.Documents(text) {
			if d.Problem == nil && d.Root.Get("kind") != nil && d.Root.Get("kind").Text == "Secret" && hasValue(d.Root.Get("stringData"), canary) {
				assert.NotContains(t, out, canary)
			}
		}
	})
}

// hasValue reports whether a scalar in a value contains a text.
func hasValue(n *yamlread.Node, text string) bool {
	return n != nil && (n.Kind == yamlread.String && strings.Contains(n.Text, text) || slices.ContainsFunc(n.Items, func(item *yamlread.Node) bool { return hasValue(item, text) }))
}
