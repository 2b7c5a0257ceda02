package hostile

import "strings"

// Canary is a value that must never be shown, and neither its base64 nor the number.
const (
	Canary  = "cAnArY-7f3e"
	Encoded = "Y0FuQXJZLTdmM2U="
	Number  = "7700770077"
)

// Secrets are manifests with the canary in Secrets and in what looks like a password, and
// with SHOWN where text must stay visible.
var Secrets = map[string]string{
	"block":            "apiVersion: v1\nkind: Secret\nmetadata: {name: SHOWN}\ndata:\n  SHOWN-key: " + Encoded + "\n  other: " + Encoded + "\n",
	"data before kind": "apiVersion: v1\ndata:\n  SHOWN-key: " + Encoded + "\nkind: Secret\nmetadata: {name: SHOWN}\n",
	"stringData":       "apiVersion: v1\nkind: Secret\nmetadata: {name: SHOWN}\nstringData:\n  SHOWN-key: " + Canary + " # " + Canary + "\ntype: SHOWN\n",
	"literal":          "kind: Secret\napiVersion: v1\nstringData:\n  SHOWN-key: |\n    first " + Canary + "\n\n    second " + Canary + "\nmetadata: {name: SHOWN}\n",
	"literal at end":   "kind: Secret\napiVersion: v1\nstringData:\n  a: |2-\n      " + Canary + "\n    x: " + Canary + "\n",
	"folded":           "kind: Secret\napiVersion: v1\nstringData:\n  a: >-\n    x\n    " + Canary + "\n  SHOWN-b: y\n",
	"plain lines":      "kind: Secret\napiVersion: v1\nstringData:\n  a: x\n    " + Canary + "\n   y\n  SHOWN-b: y\n",
	"quoted lines":     "kind: Secret\napiVersion: v1\nstringData:\n  a: \"x\n    " + Canary + "\n\n   y\"\n  SHOWN-b: y\n",
	"flow":             "{apiVersion: v1, kind: Secret, metadata: {name: SHOWN}, stringData: {SHOWN-a: " + Canary + ", b: '" + Canary + "', SHOWN-c: \"" + Canary + "\"}}\n",
	"flow lines":       "apiVersion: v1\nkind: Secret\nstringData: {SHOWN-a: x\n  " + Canary + ",\n  b: 'y\n " + Canary + "'}\nmetadata: {name: SHOWN}\n",
	"JSON":             `{"apiVersion":"v1","data":{"SHOWN-a":"` + Encoded + `","b":"` + Encoded + `"},"kind":"Secret","metadata":{"name":"SHOWN"}}`,
	"JSON lines":       "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Secret\",\n  \"stringData\": {\n    \"SHOWN-a\": \"" + Canary + "\"\n  },\n  \"type\": \"SHOWN\"\n}\n",
	"JSON escapes":     `{"apiVersion":"v1","kind":"\u0053ecret","stringData":{"SHOWN-a":"` + Canary + `"}}`,
	"YAML escapes":     "apiVersion: v1\nkind: \"\\x53ecret\"\nstringData: {SHOWN-a: " + Canary + "}\n",
	"JSON stream":      `{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"SHOWN"}} {"apiVersion":"v1","kind":"Secret","data":{"a":"` + Encoded + `"}}`,
	"List":             "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    data: {a: SHOWN}\n  - apiVersion: v1\n    kind: Secret\n    data:\n      SHOWN-a: " + Encoded + "\n  - kind: Secret\n    apiVersion: v1\n    stringData: {a: " + Canary + "}\n    metadata: {name: SHOWN}\n",
	"SecretList":       "apiVersion: v1\nkind: SecretList\nitems:\n  - metadata: {name: a}\n    data:\n      a: " + Encoded + "\n",
	"list of objects":  "- apiVersion: v1\n  kind: Secret\n  stringData: {SHOWN-a: " + Canary + "}\n",
	"many documents":   "kind: ConfigMap\napiVersion: v1\ndata: {a: SHOWN}\n---\nkind: Secret\napiVersion: v1\nstringData: {a: " + Canary + "}\n---\nkind: Task\napiVersion: SHOWN\n",
	"CRLF":             "apiVersion: v1\r\nkind: Secret\r\nstringData:\r\n  SHOWN-a: |\r\n    x\r\n    " + Canary + "\r\nmetadata: {name: SHOWN}\r\n",
	"byte order mark":  "\ufeffapiVersion: v1\nkind: Secret\nstringData:\n  SHOWN-a: " + Canary + "\n",
	"anchor":           "apiVersion: v1\nkind: Secret\nmetadata: {name: SHOWN, labels: {a: &x " + Canary + "}}\nstringData: {SHOWN-a: *x}\n",
	"anchored map":     "apiVersion: v1\nkind: Secret\nx: &x {a: " + Canary + "}\nstringData:\n  <<: *x\n  SHOWN-b: y\n",
	"merge and own":    "apiVersion: v1\nkind: Secret\nstringData:\n  <<: {a: " + Canary + "}\n  a: y\n",
	"binary":           "apiVersion: v1\nkind: Secret\nstringData:\n  SHOWN-a: !!binary " + Encoded + "\n",
	"duplicate key":    "apiVersion: v1\nkind: Secret\nstringData:\n  a: " + Canary + "\n  SHOWN-b: x\n  a: y\n",
	"duplicate data":   "apiVersion: v1\nkind: Secret\nstringData:\n  a: " + Canary + "\nstringData:\n  SHOWN-b: y\n",
	"number":           "apiVersion: v1\nkind: Secret\nstringData:\n  SHOWN-a: " + Number + "\n",
	"number in JSON":   "{\"kind\":\"Secret\",\"stringData\":{\"SHOWN-a\":" + Number + "},\"apiVersion\":\"v1\"}",
	"nested":           "apiVersion: v1\nkind: Secret\nstringData:\n  SHOWN-a:\n    b: [" + Canary + "]\n",
	"text for a map":   "apiVersion: v1\nkind: Secret\nstringData: " + Canary + "\nmetadata: {name: SHOWN}\n",
	"a list":           "apiVersion: v1\nkind: Secret\ndata:\n  - " + Canary + "\n  - {a: " + Canary + "}\nmetadata: {name: SHOWN}\n",
	"misspelled field": "apiVersion: v1\nkind: Secret\nmetadata: {name: SHOWN}\nstringdata:\n  SHOWN-a: " + Canary + "\ndat: {a: " + Canary + "}\n",
	"misspelled kind":  "apiVersion: v1\nkind: Secrte\nmetadata: {name: SHOWN}\ndata:\n  SHOWN-a: " + Encoded + "\n",
	"lower case":       "apiVersion: v1\nkind: secret\nmetadata: {name: SHOWN}\ndata:\n  SHOWN-a: " + Encoded + "\n",
	"no kind":          "apiVersion: v1\nmetadata: {name: SHOWN}\ndata:\n  SHOWN-a: " + Encoded + "\n",
	"last applied": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: SHOWN\n  annotations:\n    tekton.dev/git-0: https://SHOWN\n    kubectl.kubernetes.io/last-applied-configuration: |\n" +
		"      {\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"stringData\":{\"a\":\"" + Canary + "\"}}\n  namespace: SHOWN\n",
	"last applied, quoted":      "apiVersion: v1\nkind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{\"stringData\":{\"a\":\"" + Canary + "\"}}'\n  name: SHOWN\n",
	"in a template":             "apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerTemplate\nspec:\n  resourcetemplates:\n    - apiVersion: v1\n      kind: Secret\n      metadata: {name: SHOWN}\n      stringData:\n        SHOWN-a: " + Canary + "\n",
	"sealed":                    "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: SHOWN}\nspec:\n  template:\n    data:\n      SHOWN-a: " + Canary + "\n",
	"here-document":             "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: SHOWN}\nspec:\n  steps:\n    - name: SHOWN\n      script: |\n        kubectl apply -f - <<E\n        kind: Secret\n        stringData: {a: " + Canary + "}\n        E\n",
	"variable":                  "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - env:\n        - name: PASSWORD\n          value: " + Canary + "\n        - {name: SHOWN, value: SHOWN}\n        - {name: API_TOKEN, value: '" + Canary + "'}\n        - {value: " + Canary + ", name: CLIENT_SECRET}\n",
	"variable, number":          "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - env: [{name: PASSWORD, value: " + Number + "}, {name: SHOWN, value: SHOWN}]\n",
	"param":                     "apiVersion: tekton.dev/v1\nkind: TaskRun\nspec:\n  params:\n    - name: registry-password\n      value: " + Canary + "\n    - name: token\n      default: |\n        " + Canary + "\n    - name: SHOWN\n",
	"arguments":                 "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        docker login -u SHOWN -p " + Canary + " registry\n        curl -u SHOWN:" + Canary + " http://SHOWN\n        helm registry login --password='" + Canary + "' SHOWN\n        sshpass -p" + Canary + " ssh SHOWN\n",
	"command line":              "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - command: [docker, login, -u, SHOWN]\n      args: [-p, " + Canary + ", SHOWN]\n    - image: docker.io/curlimages/curl:8\n      args: [-u, 'me:" + Canary + "', SHOWN]\n    - args:\n        - sh\n        - -c\n        - oras login --password " + Canary + " SHOWN\n",
	"URL":                       "apiVersion: tekton.dev/v1\nkind: TaskRun\nspec:\n  params:\n    - {name: url, value: 'https://SHOWN:" + Canary + "@SHOWN.example.com/a'}\n",
	"URL, broken":               "a: [\n  https://x:" + Canary + "@example.com\nSHOWN\n",
	"broken":                    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: SHOWN\nstringData:\n  a: \"" + Canary + "\n  b: x\n    c: " + Canary + "\n",
	"broken flow":               "{apiVersion: v1, kind: Secret, stringData: {a: " + Canary + ", b: [}}\n",
	"broken JSON":               `{"apiVersion":"v1","data":{"a":"` + Encoded + `",,},"kind":"Secret"}`,
	"broken in a list":          "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    data:\n      a: " + Canary + "\n    kind: Secret\n   x\n",
	"broken kind":               "apiVersion: v1\nkind Secret\nstringData:\n  a: " + Canary + "\n",
	"broken literal":            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: SHOWN\nstringData:\n  a: |\n    x\n    name: " + Canary + "\n   - " + Canary + "\n: x\n",
	"unknown anchor":            "apiVersion: v1\nkind: Secret\nstringData:\n  a: *" + Canary + "\n",
	"second is broken":          "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: SHOWN}\n---\napiVersion: v1\nkind: Secret\nstringData:\n  a: '" + Canary + "\n---\nkind: SHOWN\n",
	"not UTF-8":                 "apiVersion: v1\nkind: Secret\nmetadata:\n  name: SHOWN\nstringData:\n  a: " + Canary + "\xff\n",
	"tab":                       "apiVersion: v1\nkind: Secret\nmetadata:\n  name: SHOWN\nstringData:\n\ta: " + Canary + "\n",
	"broken, with a key":        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: SHOWN\nstringData:\n  a: |\n-----BEGIN RSA PRIVATE KEY-----\n" + Canary + "\n-----END RSA PRIVATE KEY-----\n",
	"a key before kind":         "apiVersion: v1\ndata:\n  a: |\n-----BEGIN RSA PRIVATE KEY-----\n" + Canary + "\n-----END RSA PRIVATE KEY-----\nkind: Secret\n",
	"separator in a value":      "apiVersion: v1\nkind: Secret\nmetadata:\n  name: SHOWN\nstringData:\n  a: \"\n---\n" + Canary + "\"\n---\nkind: Task\nmetadata: {name: SHOWN, " + "name: SHOWN}\n",
	"separator in a literal":    "apiVersion: v1\nkind: Secret\nstringData:\n  a.yaml: |\n    x: y\n---\n    b: " + Canary + "\n",
	"broken, misspelled kind":   "apiVersion: v1\nkind: Sceret\nmetadata:\n  name: SHOWN\ndata:\n  a: " + Encoded + "\n x\n",
	"broken, no kind":           "apiVersion: v1\nmetadata:\n  name: SHOWN\ndata:\n  a: " + Encoded + "\n x\n",
	"broken, alias as kind":     "x: &x Secret\nkind: *x\ndata:\n  a: " + Encoded + "\n x\n",
	"broken JSON stream":        "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"data\":{\"a\":\"" + Encoded + "\"}}\n{\"apiVersion\":\"v1\",\"data\":{\"a\":\"" + Encoded + "\"},\n",
	"broken, a name at the top": "apiVersion: v1\nkind: Secret\nstringData:\nname: " + Canary + "\n  x: [\n",
	"broken variable":           "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - name: SHOWN\n      env:\n        - name: PASSWORD\n          value: \"" + Canary + "\n        - name: SHOWN\n          value: SHOWN\n",
	"no line between objects":   "apiVersion: v1\nkind: Secret\ndata:\n  a: " + Encoded + "\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: SHOWN}\ndata:\n  b: " + Canary + "\n",
	"misspelled key kind":       "apiVersion: v1\nknd: Secret\nmetadata: {name: SHOWN}\ndat:\n  a: " + Encoded + "\n",
	"kind in a list":            "apiVersion: v1\nkind: [Secret]\nmetadata: {name: SHOWN}\ndata:\n  a: " + Encoded + "\n",
	"generator":                 "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nsecretGenerator:\n  - name: SHOWN\n    literals: [SHOWN=" + Canary + "]\n",
	"params of other types":     "apiVersion: tekton.dev/v1\nkind: TaskRun\nspec:\n  params:\n    - {name: password, value: [" + Canary + "]}\n    - {name: SHOWN, value: {SHOWN: SHOWN, password: " + Canary + "}}\n",
	"fields":                    "apiVersion: v1\nkind: Config\nusers: [{name: SHOWN, user: {token: " + Canary + ", password: " + Canary + "}}]\n",
	"JSON in a text":            "apiVersion: tekton.dev/v1\nkind: TaskRun\nspec:\n  params:\n    - {name: SHOWN, value: '{\"SHOWN\":\"SHOWN\",\"password\":\"" + Canary + "\"}'}\n    - {name: SHOWN, value: \"{\\\"password\\\": \\\"" + Canary + "\\\"}\"}\n",
	"a variable of a script":    "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        export DB_PASSWORD=" + Canary + " SHOWN=SHOWN\n",
	"a variable of a command":   "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        PGPASSWORD='" + Canary + "' psql -h SHOWN\n",
	"a comment":                 "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        SHOWN # token=" + Canary + "\n",
	"a header":                  "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        curl -H 'Authorization: Bearer " + Canary + "' https://SHOWN\n",
	"a header with a token":     "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        curl -H \"PRIVATE-TOKEN: " + Canary + "\" https://SHOWN\n",
	"a query":                   "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        curl https://SHOWN?access_token=" + Canary + "&SHOWN=SHOWN\n",
	"an option":                 "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        gpg --passphrase " + Canary + " SHOWN\n",
	"an option with =":          "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        kubectl --token=" + Canary + " get SHOWN\n",
	"curl -sSu":                 "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        curl -sSLu SHOWN:" + Canary + " http://SHOWN\n",
	"curl --proxy-user=":        "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        curl --proxy-user=SHOWN:" + Canary + " http://SHOWN\n",
	"docker login -p=":          "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        docker login -p=" + Canary + " SHOWN\n",
	"create secret":             "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        kubectl create secret generic SHOWN --from-literal=SHOWN=" + Canary + "\n",
	"create secret, quoted":     "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        kubectl create secret generic SHOWN --from-literal SHOWN='" + Canary + "'\n",
	"URLs":                      "apiVersion: tekton.dev/v1\nkind: TaskRun\nspec:\n  params:\n    - {name: SHOWN, value: 'https://SHOWN@example.com:" + Canary + "@SHOWN'}\n    - {name: SHOWN, value: 'https://$(params.SHOWN):" + Canary + "@SHOWN'}\n    - {name: SHOWN, value: 'https://ghp_0123456789" + Canary + "@SHOWN'}\n",
	"names":                     sounding(variables, "name: %s, value: "+Canary),
	"names of params":           sounding(params, "name: %s, value: "+Canary),
	"names in a script":         "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n" + lines("        export %s=SHOWN%s SHOWN=SHOWN\n", variables) + "        x --client-secret=" + Canary + " --api-key " + Canary + " --pass '" + Canary + "' SHOWN\n        aws configure set aws_secret_access_key " + Canary + "\n",
	"issued tokens":             "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: SHOWN\n      script: |\n        SHOWN ghp_0123456789012345678901234567890123456789 SHOWN\n        x glpat-" + Canary + "-0123456789 SHOWN\n        x 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + Canary + "' SHOWN --token=" + Canary + "\n",
	"a private key":             "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: SHOWN}\ndata:\n  SHOWN: |\n    -----BEGIN RSA PRIVATE KEY-----\n    " + Canary + "\n    -----END RSA PRIVATE KEY-----\n    SHOWN\n",
	"a quoted private key":      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: SHOWN}\ndata: {SHOWN: \"-----BEGIN PRIVATE KEY-----\\n" + Canary + " \\n-----END PRIVATE KEY-----\\n\", SHOWN: SHOWN}\n",
	"a ConfigMap of secrets":    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: SHOWN-credentials}\ndata: {SHOWN: " + Canary + "}\n",
	"repeated":                  "apiVersion: v1\nkind: Secret\nmetadata: {name: SHOWN}\ndata: {SHOWN: " + Encoded + "}\n---\napiVersion: tekton.dev/v1\nkind: Task\nspec: {description: SHOWN " + Canary + " SHOWN " + Encoded + "}\n",
	"encoded twice":             "apiVersion: v1\nkind: Secret\nmetadata: {name: SHOWN}\ndata: {SHOWN: WTBGdVFYSlpMVGRtTTJVPQ==}\n---\napiVersion: tekton.dev/v1\nkind: Task\nspec: {description: SHOWN " + Canary + "}\n",
	"last applied, a variable":  "apiVersion: tekton.dev/v1\nkind: Task\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{\"spec\":{\"env\":[{\"name\":\"PASSWORD\",\"value\":\"" + Canary + "\"}]}}'\n    SHOWN: SHOWN\n",
	"a misspelled value":        "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps: [{image: SHOWN, env: [{name: PASSWORD, vlaue: " + Canary + "}]}]\n",
	"a duplicate value":         "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps: [{image: SHOWN, env: [{name: PASSWORD, value: " + Canary + ", value: y}]}]\n",
	"an enum":                   "apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  params: [{name: password, enum: [" + Canary + "]}]\n  steps: [{image: SHOWN}]\n",
	"a map":                     "apiVersion: tekton.dev/v1\nkind: TaskRun\nspec:\n  params: [{name: password, value: {SHOWN: " + Canary + "}}]\n",
	"a header of a webhook":     "apiVersion: triggers.tekton.dev/v1beta1\nkind: EventListener\nspec:\n  triggers: [{interceptors: [{webhook: {header: [{name: Authorization, value: 'Bearer " + Canary + "'}, {name: SHOWN, value: SHOWN}]}}]}]\n",
	"settings in a text":        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: SHOWN}\ndata:\n  SHOWN: |\n    db:\n      password: " + Canary + "\n      SHOWN: SHOWN\n    password = \"" + Canary + "\"\n    passwd = " + Canary + "\n    machine SHOWN login SHOWN password " + Canary + "\n    //SHOWN/:_auth=" + Canary + "\n    <user>SHOWN</user><password>" + Canary + "</password>\n    {\"auths\": {\"SHOWN\": {\"auth\": \"" + Canary + "\"}}}\n    Server=SHOWN;Uid=SHOWN;Pwd=" + Canary + ";\n    SHOWN=https;AccountKey=" + Canary + "\n",
}

// variables and params are names of secrets.
var (
	variables = strings.Fields("DB_PASS GITHUB_PAT TOKEN1 PASSWORD_1 PASSWORD_PROD API_KEY_PROD MYSQL_PWD PGPASS SECRET_KEY_BASE NPM_AUTH SSH_KEY DEPLOY_KEY SIGNING_KEY WEBHOOK_SECRET_2 JWT CREDS PASSPHRASE2 TOKEN_GITHUB clientSecret AUTHORIZATION")
	params    = strings.Fields("db-pass github-pat token1 password-1 client-secret webhook-secret apiKey privateKey user_pass passcode tokenValue")
)

// sounding returns an object with params or variables with names.
func sounding(names []string, item string) string {
	s := "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: SHOWN}\nspec:\n"
	if &names[0] == &variables[0] {
		s += "  steps:\n  - env:\n"
	} else {
		s += "  params:\n"
	}
	for _, n := range names {
		s += "  - {" + strings.Replace(item, "%s", n, 1) + "}\n"
	}
	return s + "  - {name: SHOWN, value: SHOWN}\n"
}

// lines returns a line for each name.
func lines(format string, names []string) string {
	s := ""
	for _, n := range names {
		s += strings.Replace(strings.Replace(format, "%s", n, 1), "SHOWN%s", Canary, 1)
	}
	return s
}

// Shown returns the forms of the canary that a text contains.
func Shown(text string) []string {
	var all []string
	for _, form := range []string{Canary, Encoded, Number} {
		if strings.Contains(text, form) {
			all = append(all, form)
		}
	}
	return all
}
