package secrets

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mask takes values out of messages. It is not safe for concurrent use.
type Mask struct {
	values []string        // longest first
	crowd  bool            // there are many, and the words of messages are compared
	known  map[string]bool // whether a word is one of the values
	looked int             // how often the values were searched for words
	all    bool            // the words of the values are known
}

// many is the number of values above which messages are not searched for each.
const many = 300

// NewMask returns a mask for the values of [Parts], or those of [OfObject] or
// [OfSecret]. Words that messages themselves have are no values.
func NewMask(values []string) *Mask {
	if slices.ContainsFunc(values, isOwn) {
		values = slices.DeleteFunc(slices.Clone(values), isOwn)
	}
	return &Mask{values: values, crowd: len(values) > many}
}

// looks is the number of messages for which the values are searched. To know all their words
// takes as long as to search them a dozen times.
const looks = 10

// learn makes the words of a text known.
func (m *Mask) learn(text string) {
	if m.all {
		return
	}
	if m.looked++; m.looked > looks {
		m.all, m.known = true, make(map[string]bool, len(m.values))
		for _, v := range m.values {
			for word := range strings.FieldsFuncSeq(v, isNoWord) {
				m.known[word] = true
			}
		}
		return
	}
	if m.known == nil {
		m.known = map[string]bool{}
	}
	asked := map[string]bool{}
	for word := range strings.FieldsFuncSeq(text, isNoWord) {
		if _, ok := m.known[word]; !ok {
			asked[word] = true
			m.known[word] = false
		}
	}
	if len(asked) == 0 {
		m.looked--
		return
	}
	for _, v := range m.values {
		for word := range strings.FieldsFuncSeq(v, isNoWord) {
			if asked[word] {
				m.known[word] = true
			}
		}
	}
}

// Text returns a message without the values. Values that are part of a longer word stay.
// Short ones, which may be words of the language, stay unless all is set and they are
// where messages have values. If there are very many values, each word of one is one.
func (m *Mask) Text(text string, all bool) string {
	text = Addresses(text)
	if m.crowd {
		m.learn(text)
		return m.eachWord(text, all)
	}
	for _, v := range m.values {
		if len(v) < short && !all {
			break
		}
		word := len(v) < short && !strings.ContainsAny(v, "0123456789")
		for from := 0; ; {
			i := strings.Index(text[from:], v)
			if i < 0 {
				break
			}
			i += from
			end := i + len(v)
			if wordy(text, i) || wordy(text, end) || word && !isPlace(text[:i]) || isNamed(text[:i], v) {
				from = i + 1
				continue
			}
			text = text[:i] + Hidden + text[end:]
			from = i + len(Hidden)
		}
	}
	return text
}

// eachWord returns a message without the words of the values.
func (m *Mask) eachWord(text string, all bool) string {
	var b strings.Builder
	for rest := text; rest != ""; {
		size := strings.IndexFunc(rest, isNoWord)
		if size == 0 {
			_, size = utf8.DecodeRuneInString(rest)
		} else if size < 0 {
			size = len(rest)
		}
		word := rest[:size]
		rest = rest[size:]
		if m.known[word] && (len(word) >= short || all && (strings.ContainsAny(word, "0123456789") || isPlace(b.String()))) && !isNamed(b.String(), word) {
			word = Hidden
		}
		b.WriteString(word)
	}
	return b.String()
}

// isOwn reports whether a text is a word of messages about Secrets. To hide it would hide
// nothing, since it is in the messages whatever the value is.
func isOwn(text string) bool { return own[text] }

var own = func() map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq("base64 data stringData Secret metadata name type key value string text number integer boolean list object null " +
		"field unknown unquoted plain must reads that with from YAML JSON encryption encoded requires lacks Kubernetes Tekton written allowed not its is but the") {
		all[word] = true
	}
	return all
}()

func isNoWord(r rune) bool { return r < utf8.RuneSelf && !isWord(byte(r)) }

// isPlace reports whether a value follows in a message.
func isPlace(before string) bool {
	for _, s := range []string{`"`, "not ", "unquoted ", "reads "} {
		if strings.HasSuffix(before, s) {
			return true
		}
	}
	return false
}

// isNamed reports whether a text is the name of something in a message: Secret "deploy". A
// name may be the same word as a value, and is no secret.
func isNamed(before, text string) bool {
	before, ok := strings.CutSuffix(before, ` "`)
	if !ok || !isName(text) {
		return false
	}
	noun := before[strings.LastIndexAny(before, " (,:")+1:]
	return slices.Contains(nouns, noun) || noun != "" && noun[0] >= 'A' && noun[0] <= 'Z' && strings.ContainsFunc(noun[1:], unicode.IsUpper)
}

// nouns are the words before names in messages.
var nouns = strings.Fields("step sidecar param workspace result key task trigger container variable volume account field matrix binding Secret Task Pipeline Role Trigger Ingress Service Pod Namespace Deployment Job")

// wordy reports whether an offset is inside a word.
func wordy(s string, at int) bool {
	return at > 0 && at < len(s) && isWord(s[at-1]) && isWord(s[at])
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
}
