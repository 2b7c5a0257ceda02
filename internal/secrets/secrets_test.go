package secrets_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/secrets"
)

// canary is a value that must never be shown, and encoded is its base64.
const canary, encoded = "cAnArY-7f3e", "Y0FuQXJZLTdmM2U="

// hidden are manifests with the canary, and with SHOWN where text must stay visible.
var hidden = map[string]string{
	"block":            "apiVersion: v1\nkind: Secret\nmetadata: {name: SHOWN}\ndata:\n  SHOWN-key: " + encoded + "\n  other: " + encoded + "\n",
	"data before kind": "apiVersion: v1\ndata:\n  SHOWN-key: " + encoded + "\nkind: Secret\nmetadata: {name: SHOWN}\n",
	"stringData":       "apiVersion: v1\nkind: Secret\nmetadata: {name: SHOWN}\nstringData:\n  SHOWN-key: " + canary + " # " + canary + "\ntype: SHOWN\n",
	"literal":          "kind: Secret\napiVersion: v1\nstringData:\n  SHOWN-key: |\n    first " + canary + "\n\n    second " + canary + "\nmetadata: {name: SHOWN}\n",
	"literal at end":   "kind: Secret\napiVersion: v1\nstringData:\n  a: |2-\n      " + canary + "\n    x: " + canary + "\n",
	"folded":           "kind: Secret\napiVersion: v1\nstringData:\n  a: >-\n    x\n    " + canary + "\n  SHOWN-b: y\n",
	"plain lines":      "kind: Secret\napiVersion: v1\nstringData:\n  a: x\n    " + canary + "\n   y\n  SHOWN-b: y\n",
	"quoted lines":     "kind: Secret\napiVersion: v1\nstringData:\n  a: \"x\n    " + canary + "\n\n   y\"\n  SHOWN-b: y\n",
	"flow":             "{apiVersion: v1, kind: Secret, metadata: {name: SHOWN}, stringData: {SHOWN-a: " + canary + ", b: '" + canary + "', SHOWN-c: \"" + canary + "\"}}\n",
	"flow lines":       "apiVersion: v1\nkind: Secret\nstringData: {SHOWN-a: x\n  " + canary + ",\n  b: 'y\n " + canary + "'}\nmetadata: {name: SHOWN}\n",
	"JSON":             `{"apiVersion":"v1","data":{"SHOWN-a":"` + encoded + `","b":"` + encoded + `"},"kind":"Secret","metadata":{"name":"SHOWN"}}`,
	"JSON lines":       "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Secret\",\n  \"stringData\": {\n    \"SHOWN-a\": \"" + canary + "\"\n  },\n  \"type\": \"SHOWN\"\n}\n",
	"JSON escapes":     `{"apiVersion":"v1","kind":"\u0053ecret","stringData":{"SHOWN-a":"` + canary + `"}}`,
	"YAML escapes":     "apiVersion: v1\nkind: \"\\x53ecret\"\nstringData: {SHOWN-a: " + canary + "}\n",
	"JSON stream":      `{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"SHOWN"}} {"apiVersion":"v1","kind":"Secret","data":{"a":"` + encoded + `"}}`,
	"List":             "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    data: {a: SHOWN}\n  - apiVersion: v1\n    kind: Secret\n    data:\n      SHOWN-a: " + encoded + "\n  - kind: Secret\n    apiVersion: v1\n    stringData: {a: " + canary + "}\n    metadata: {name: SHOWN}\n",
	"SecretList":       "apiVersion: v1\nkind: SecretList\nitems:\n  - metadata: {name: a}\n    data:\n      a: " + encoded + "\n",
	"list of objects":  "- apiVersion: v1\n  kind: Secret\n  stringData: {SHOWN-a: " + canary + "}\n",
	"many documents":   "kind: ConfigMap\napiVersion: v1\ndata: {a: SHOWN}\n---\nkind: Secret\napiVersion: v1\nstringData: {a: " + canary + "}\n---\nkind: Task\napiVersion: SHOWN\n",
	"CRLF":             "apiVersion: v1\r\nkind: Secret\r\nstringData:\r\n  SHOWN-a: |\r\n    x\r\n    " + canary + "\r\nmetadata: {name: SHOWN}\r\n",
	"byte order mark":  "\ufeffapiVersion: v1\nkind: Secret\nstringData:\n  SHOWN-a: " + canary + "\n",
	"anchor":           "apiVersion: v1\nkind: Secret\nmetadata: {name: SHOWN, labels: {a: &x " + canary + "}}\nstringData: {SHOWN-a: *x}\n",
	"anchored map":     "apiVersion: v1\nkind: Secret\nx: &x {a: " + canary + "}\nstringData:\n  <<: *x\n  SHOWN-b: y\n",
	"merge and own":    "apiVersion: v1\nkind: Secret\nstringData:\n  <<: {a: " + canary + "}\n  a: y\n",
	"binary":           "apiVersion: v1\nkind: Secret\nstringData:\n  SHOWN-a: !!binary " + encoded + "\n",
	"duplicate key":    "apiVersion: v1\nkind: Secret\nstringData:\n  a: " + canary + "\n  SHOWN-b: x\n  a: y\n",
	"duplicate data":   "apiVersion: v1\nkind: Secret\nstringData:\n  a: " + canary + "\nstringData:\n  SHOWN-b: y\n",
	"number":           "apiVersion: v1\nkind: Secret\nstringData:\n  SHOWN-a: 7700770077\n",
	"number in JSON":   "{\"kind\":\"Secret\",\"stringData\":{\"SHOWN-a\":7700770077},\"apiVersion\":\"v1\"}",
	"nested":           "apiVersion: v1\nkind: Secret\nstringData:\n  SHOWN-a:\n    b: [" + canary + "]\n",
	"text for a map":   "apiVersion: v1\nkind: Secret\nstringData: " + canary + "\nmetadata: {name: SHOWN}\n",
	"a list":           "apiVersion: v1\nkind: Secret\ndata:\n  - " + canary + "\n  - {a: " + canary + "}\nmetadata: {name: SHOWN}\n",
	"misspelled field": "apiVersion: v1\nkind: Secret\nmetadata: {name: SHOWN}\nstringdata:\n  SHOWN-a: " + canary + "\ndat: {a: " + canary + "}\n",
	"misspelled kind":  "apiVersion: v1\nkind: Secrte\nmetadata: {name: SHOWN}\ndata:\n  SHOWN-a: " + encoded + "\n",
	"lower case":       "apiVersion: v1\nkind: secret\nmetadata: {name: SHOWN}\ndata:\n  SHOWN-a: " + encoded + "\n",
	"no kind":          "apiVersion: v1\nmetadata: {name: SHOWN}\ndata:\n  SHOWN-a: " + encoded + "\n",
	"last applied": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: SHOWN\n  annotations:\n    tekton.dev/git-0: https://SHOWN\n    kubectl.kubernetes.io/last-applied-configuration: |\n" +
		"      {\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"stringData\":{\"a\":\"" + canary + "\"}}\n  namespace: SHOWN\n",
	"last applied, quoted": "apiVersion: v1\nkind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{\"stringData\":{\"a\":\"" + canary + "\"}}'\n  name: SHOWN\n",
	"in a template":        "apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerTemplate\nspec:\n  resourcetemplates:\n    - apiVersion: v1\n      kind: Secret\n      metadata: {name: SHOWN}\n      stringData:\n        SHOWN-a: " + canary + "\n",
	"sealed":               "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: SHOWN}\nspec:\n  template:\n    data:\n      SHOWN-a: " + canary + "\n",
	"here-document":        "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: SHOWN}\nspec:\n  steps:\n    - name: SHOWN\n      script: |\n        kubectl apply -f - <<E\n        kind: Secret\n        stringData: {a: " + canary + "}\n        E\n",
	"variable":             "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - env:\n        - name: PASSWORD\n          value: " + canary + "\n        - {name: SHOWN, value: SHOWN}\n        - {name: API_TOKEN, value: '" + canary + "'}\n        - {value: " + canary + ", name: CLIENT_SECRET}\n",
	"variable, number":     "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - env: [{name: PASSWORD, value: 7700770077}, {name: SHOWN, value: SHOWN}]\n",
	"param":                "apiVersion: tekton.dev/v1\nkind: TaskRun\nspec:\n  params:\n    - name: registry-password\n      value: " + canary + "\n    - name: token\n      default: |\n        " + canary + "\n    - name: SHOWN\n",
	"arguments":            "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        docker login -u SHOWN -p " + canary + " registry\n        curl -u SHOWN:" + canary + " http://SHOWN\n        helm registry login --password='" + canary + "' SHOWN\n        sshpass -p" + canary + " ssh SHOWN\n",
	"command line":         "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - command: [docker, login, -u, SHOWN]\n      args: [-p, " + canary + ", SHOWN]\n    - image: docker.io/curlimages/curl:8\n      args: [-u, 'me:" + canary + "', SHOWN]\n    - args:\n        - sh\n        - -c\n        - oras login --password " + canary + " SHOWN\n",
	"URL":                  "apiVersion: tekton.dev/v1\nkind: TaskRun\nspec:\n  params:\n    - {name: url, value: 'https://SHOWN:" + canary + "@SHOWN.example.com/a'}\n",
	"URL, broken":          "a: [\n  https://x:" + canary + "@example.com\nSHOWN\n",
	"broken":               "apiVersion: v1\nkind: Secret\nmetadata:\n  name: SHOWN\nstringData:\n  a: \"" + canary + "\n  b: x\n    c: " + canary + "\n",
	"broken flow":          "{apiVersion: v1, kind: Secret, stringData: {a: " + canary + ", b: [}}\n",
	"broken JSON":          `{"apiVersion":"v1","data":{"a":"` + encoded + `",,},"kind":"Secret"}`,
	"broken in a list":     "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    data:\n      a: " + canary + "\n    kind: Secret\n   x\n",
	"broken kind":          "apiVersion: v1\nkind Secret\nstringData:\n  a: " + canary + "\n",
	"broken literal":       "apiVersion: v1\nkind: Secret\nmetadata:\n  name: SHOWN\nstringData:\n  a: |\n    x\n    name: " + canary + "\n   - " + canary + "\n: x\n",
	"unknown anchor":       "apiVersion: v1\nkind: Secret\nstringData:\n  a: *" + canary + "\n",
	"second is broken":     "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: SHOWN}\n---\napiVersion: v1\nkind: Secret\nstringData:\n  a: '" + canary + "\n---\nkind: SHOWN\n",
	"not UTF-8":            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: SHOWN\nstringData:\n  a: " + canary + "\xff\n",
	"tab":                  "apiVersion: v1\nkind: Secret\nmetadata:\n  name: SHOWN\nstringData:\n\ta: " + canary + "\n",
}

func TestHidden(t *testing.T) {
	for name, text := range hidden {
		t.Run(name, func(t *testing.T) {
			shown := secrets.Text(text)
			for _, value := range []string{canary, encoded, "7700770077"} {
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
	"ConfigMap":  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {password-file: /etc/x, token: y}\n",
	"references": "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - env:\n        - name: PASSWORD\n          valueFrom: {secretKeyRef: {name: x, key: password}}\n        - {name: TOKEN_FILE, value: /etc/token}\n        - {name: PASSWORD, value: $(params.password)}\n      script: |\n        docker login -u x -p \"$PASSWORD\"\n        curl -u \"$USER:$PASSWORD\" https://example.com\n        git clone https://$USER:$TOKEN@example.com/a\n        echo a@b:c\n",
	"broken":     "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: x\nspec:\n  steps: [{secretKeyRef: {name: a}}]\n",
	"port":       "apiVersion: v1\nkind: Pod\nspec: {url: 'https://example.com:8080/a@b', image: registry:5000/x@sha256:abc}\n",
	"empty":      "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  password:\n  b: \"\"\n",
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
	var more []string
	for i := range 1000 {
		more = append(more, fmt.Sprintf("first value%d", i))
	}
	assert.Equal(t, `not *** ***, "***", ab, not ***`, secrets.NewMask(append(more, "ab")).Text(`not first value7, "value999", ab, not ab`, true))
	assert.Equal(t, "at https://me:***@example.com", secrets.Addresses("at https://me:pw@example.com"))
}

// FuzzText tests that the canary is hidden wherever it is in the data of a Secret.
func FuzzText(f *testing.F) {
	f.Add("", "  a: ", "\n", "")
	f.Add("metadata: {name: x}\n", "  a: |\n    ", "\n  b: x\n", "type: Opaque\n")
	f.Add("", " {a: '", "', b: [", "}\n")
	f.Fuzz(func(t *testing.T, before, open, behind, after string) {
		text := before + "kind: Secret\nstringData:" + open + canary + behind + after
		if strings.Contains(before+open+behind+after, "kind") || strings.Contains(before+open+behind+after, "---") || strings.Contains(before+open+behind+after, "...") {
			return
		}
		require.NotPanics(t, func() {
			out := secrets.Text(text)
			assert.Equal(t, strings.Count(text, "\n"), strings.Count(out, "\n"))
		})
	})
}
