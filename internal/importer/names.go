package importer

import (
	"go/token"
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// initialisms are the words that Go names write in upper case. Their plurals end with a small s.
var initialisms = set(`api aws ca cel ci cli cnb cpu cr crd csi csr csv cve cvss db dns ecr eof eks fbc fs gcp gcr gcs gid gke gpg gpu
		html http https iam ibm id io ip jks json jvm jwt k8s ldap npm oci ocid ocp oidc oom os pac pdf pgp pr pvc qa ram
		rbac rds rhacs rpc rpm sa sast sbom scc scm sdk sha slsa smtp sql sre ssh ssl sso ta tar tcp tls ttl ui uid uri url
		usb utf8 uuid vcpu vm vpc xml yaml`)

// notPlural are words that only look like the plural of an initialism.
var notPlural = set("cas cis ios oss sas tars")

// compounds are words that people write as one, with the words that they consist of. Files and
// packages still have them as one word.
var compounds = compoundsOf(`api-key api-url base-url build-kit cluster-task config-map config-maps event-listener git-hub git-lab
		git-repo-url git-repository-url open-shift pipeline-run pipeline-runs sonar-qube ssl-cert ssl-cert-dir ssl-verify
		step-action task-run task-runs tls-verify trigger-binding trigger-template`)

func compoundsOf(list string) map[string][]string {
	out := map[string][]string{}
	for w := range strings.FieldsSeq(list) {
		out[strings.ReplaceAll(w, "-", "")] = strings.Split(w, "-")
	}
	return out
}

// goWords returns the words of a name for Go, where a compound is several words.
func goWords(name string) []string {
	var out []string
	for _, w := range words(name) {
		if parts := compounds[strings.ToLower(w)]; parts != nil {
			out = append(out, parts...)
		} else {
			out = append(out, w)
		}
	}
	return out
}

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

// words splits a name at characters that Go names do not have, and where lower case
// becomes upper case: imageUrl, HTTPProxy, BUILD_ARGS.
func words(name string) []string {
	var out []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, string(word))
			word = nil
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		if r >= utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush()
			continue
		}
		if unicode.IsUpper(r) && len(word) > 0 {
			last := word[len(word)-1]
			next := i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if unicode.IsLower(last) || unicode.IsDigit(last) && next || unicode.IsUpper(last) && next {
				flush()
			}
		}
		word = append(word, r)
	}
	flush()
	return out
}

// Spelling says which words Go names write in upper case, besides the usual ones: true for
// those that they do, false for usual ones that they do not. Words are in lower case.
type Spelling map[string]bool

// NewSpelling returns the spelling with more initialisms. A word that begins with - is a usual one
// that is no initialism.
func NewSpelling(initialisms []string) Spelling {
	s := Spelling{}
	for _, w := range initialisms {
		word, not := strings.CutPrefix(w, "-")
		s[strings.ToLower(word)] = !not
	}
	return s
}

// exported returns a name in Go's form for a type or a field: GitClone, ImageURL.
func exported(name string) string { return Spelling(nil).exported(name) }

func (s Spelling) upper(word string) bool {
	if up, ok := s[word]; ok {
		return up
	}
	return initialisms[word]
}

// word returns a word of a name as Go names write it inside.
func (s Spelling) word(w string) string {
	l := strings.ToLower(w)
	if s.upper(l) {
		return strings.ToUpper(w)
	}
	if one, ok := strings.CutSuffix(l, "s"); ok && len(one) > 1 && s.upper(one) && !notPlural[l] {
		if _, chosen := s[l]; !chosen {
			return strings.ToUpper(one) + "s"
		}
	}
	return strings.ToUpper(l[:1]) + l[1:]
}

func (s Spelling) exported(name string) string {
	var b strings.Builder
	for _, w := range goWords(name) {
		b.WriteString(s.word(w))
	}
	out := b.String()
	if out == "" || !unicode.IsLetter(rune(out[0])) {
		return "X" + out
	}
	return out
}

// unexported returns a name in Go's form for a variable: gitClone, imageURL.
func unexported(name string) string { return Spelling(nil).unexported(name) }

func (s Spelling) unexported(name string) string {
	list := goWords(name)
	if len(list) == 0 {
		return "x"
	}
	first := strings.ToLower(list[0])
	if !unicode.IsLetter(rune(first[0])) {
		first = "x" + first
	}
	var b strings.Builder
	b.WriteString(first)
	for _, w := range list[1:] {
		b.WriteString(s.word(w))
	}
	return b.String()
}

// names gives each thing of a scope a name of its own. A name that is given stays: what
// comes later gets another one.
type names struct {
	outer *names
	taken map[string]bool
	next  map[string]int // the first number that may be free, by name
}

func newNames(outer *names) *names { return &names{outer, map[string]bool{}, map[string]int{}} }

func (n *names) has(name string) bool {
	for s := n; s != nil; s = s.outer {
		if s.taken[name] {
			return true
		}
	}
	return token.IsKeyword(name) || reserved[name]
}

// reserved are the names that a variable must not hide: predeclared ones that generated
// code uses, and those of imported packages.
var reserved = set(`append any bool byte cap clear close complex copy delete error false float64 imag int int32
		int64 iota len make max min new nil panic print println real recover rune string true uint
		appsv1 batchv1 builder check corev1 diag embed infra init intstr manifest metav1 networkingv1 pac pod rbacv1 resource
		rule runtime time triggers triggersv1beta1 v1 v1beta1`)

// take returns the name, the name with the suffix, or one with a number.
func (n *names) take(name, suffix string) string {
	free := name
	if n.has(free) {
		free = name + suffix
	}
	for i := max(n.next[name+suffix], 2); n.has(free); i++ {
		free = name + suffix + strconv.Itoa(i)
		n.next[name+suffix] = i
	}
	n.taken[free] = true
	return free
}

// local reports whether a scope inside of a function gives the name.
func (n *names) local(name string) bool {
	for s := n; s.outer != nil; s = s.outer {
		if s.taken[name] {
			return true
		}
	}
	return false
}

// dashed returns a name as lower-case words with dashes, for files. A name that is too long for
// a file ends with a number that depends on all of it.
func dashed(name string) string {
	const longest = 100
	s := strings.ToLower(strings.Join(words(name), "-"))
	switch {
	case s == "":
		return "x"
	case len(s) > longest:
		h := fnv.New64a()
		_, _ = h.Write([]byte(s)) // it returns no error
		return s[:longest] + "-" + strconv.FormatUint(h.Sum64(), 36)
	}
	return s
}
