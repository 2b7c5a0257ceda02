package importer

import (
	"go/token"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// initialisms are the words that Go names write in upper case.
var initialisms = set(`api ca cel cli cpu csv db dns eof fs gid gpg html http https id io ip jks json jvm jwt k8s npm
		oci os pac pr pvc ram rbac rpc rpm sa sast sbom sdk sha slsa smtp sql ssh ssl tar tcp tls ttl ui uid uri url usb utf8
		uuid vm xml yaml`)

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

// exported returns a name in Go's form for a type or a field: GitClone, ImageURL.
func exported(name string) string {
	var b strings.Builder
	for _, w := range words(name) {
		l := strings.ToLower(w)
		if initialisms[l] {
			b.WriteString(strings.ToUpper(w))
			continue
		}
		b.WriteString(strings.ToUpper(l[:1]) + l[1:])
	}
	s := b.String()
	if s == "" || !unicode.IsLetter(rune(s[0])) {
		return "X" + s
	}
	return s
}

// unexported returns a name in Go's form for a variable: gitClone, imageURL.
func unexported(name string) string {
	list := words(name)
	if len(list) == 0 {
		return "x"
	}
	first := strings.ToLower(list[0])
	if !unicode.IsLetter(rune(first[0])) {
		first = "x" + first
	}
	if len(list) == 1 {
		return first
	}
	rest := exported(strings.Join(list[1:], "-"))
	if c := list[1][0]; c >= '0' && c <= '9' {
		rest = rest[1:] // no X inside of a name
	}
	return first + rest
}

// names gives each thing of a scope a name of its own. A name that is given stays: what
// comes later gets another one.
type names struct {
	outer *names
	taken map[string]bool
}

func newNames(outer *names) *names { return &names{outer, map[string]bool{}} }

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
		appsv1 batchv1 builder check corev1 diag embed infra intstr manifest metav1 networkingv1 pac pod rbacv1 resource
		rule runtime time triggers triggersv1beta1 v1 v1beta1`)

// take returns the name, the name with the suffix, or one with a number.
func (n *names) take(name, suffix string) string {
	free := name
	if n.has(free) {
		free = name + suffix
	}
	for i := 2; n.has(free); i++ {
		free = name + suffix + strconv.Itoa(i)
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

// dashed returns a name as lower-case words with dashes, for files.
func dashed(name string) string {
	if s := strings.ToLower(strings.Join(words(name), "-")); s != "" {
		return s
	}
	return "x"
}
