package secrets

import (
	"slices"
	"strings"
	"unicode"
)

// What something with a name is. A value of a param or a field that is named like a secret
// is often the name of a Secret.
const (
	fieldName = iota
	paramName
	variableName
)

// sounds reports whether the value of something with that name is not shown. It is meant for
// what is shown, where a value too many costs little. The rules use [Named].
func sounds(name, value string, is int) bool {
	if Named(name, is == variableName) {
		return true
	}
	words := wordsOf(name)
	if len(words) == 0 || slices.Contains(harmlessLast, words[len(words)-1]) {
		return false
	}
	last := words[len(words)-1]
	if slices.Contains(secretLast, last) || isSecretWord(last) {
		return true
	}
	if isName(value) {
		return false
	}
	if last == "key" {
		return is == variableName || len(words) > 1 && slices.Contains(keys, words[len(words)-2])
	}
	for i, w := range words {
		if isSecretWord(w) || slices.Contains(doubtful, w) || w == "key" && i > 0 && slices.Contains(keys, words[i-1]) {
			return true
		}
	}
	return false
}

// harmlessLast are the last words of names whose values only describe a secret: TOKEN_FILE.
var harmlessLast = strings.Fields("name names file files filename path paths dir directory type kind mode policy length len size ttl expiry expiration expires duration timeout " +
	"enabled enable disabled required count limit user username host hostname server endpoint issuer audience scope scopes provider method namespace ref version " +
	"algorithm format prefix header headers env var field class rotation store manager engine mount image role id account permissions request review policies stdin fd")

// secretLast are the last words of names whose values are secrets.
var secretLast = strings.Fields("pass pwd pw pat pats jwt bearer authorization credential creds sk sig dbpass pgpass mypass userpass passcode")

// doubtful are words of names whose values are secrets unless they look like names.
var doubtful = strings.Fields("secret secrets auth oauth cookie hmac salt otp mnemonic seed credential credentials creds authorization jwt bearer pat pwd")

// keys are the words before key in the names of keys that are secret.
var keys = strings.Fields("api access private ssh deploy gpg pgp signing encryption master license account shared client session storage age rsa secret")

// isSecretWord reports whether a word is, or ends with, one that only secrets have.
func isSecretWord(w string) bool {
	return slices.ContainsFunc(secretEnds, func(end string) bool { return strings.HasSuffix(w, end) || strings.HasSuffix(w, end+"s") })
}

var secretEnds = strings.Fields("password passwd passphrase passcode token apikey")

// wordsOf returns the words of a name in lower case, without numbers at their ends.
func wordsOf(name string) []string {
	var all []string
	from := 0
	add := func(to int) {
		if w := strings.ToLower(strings.TrimRight(name[from:to], "0123456789")); w != "" {
			all = append(all, w)
		}
		from = to
	}
	for i := range len(name) {
		switch c := name[i]; {
		case strings.IndexByte("_-. ", c) >= 0:
			add(i)
			from++
		case i > from && c >= 'A' && c <= 'Z' && (name[i-1] >= 'a' && name[i-1] <= 'z' || i+1 < len(name) && name[i+1] >= 'a' && name[i+1] <= 'z' && name[i-1] >= 'A' && name[i-1] <= 'Z'):
			add(i)
		}
	}
	add(len(name))
	return all
}

// isName reports whether a text looks like the name of an object or a key: words of small
// letters, perhaps with a number behind.
func isName(s string) bool {
	if s == "" || len(s) > 63 {
		return false
	}
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '-' || r == '.' || r == '_' }) {
		letters := strings.TrimRight(part, "0123456789")
		if len(part)-len(letters) > 3 || len(letters) > 20 || strings.ContainsFunc(letters, func(r rune) bool { return !unicode.IsLower(r) }) {
			return false
		}
	}
	return true
}
