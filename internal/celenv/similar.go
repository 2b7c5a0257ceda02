package celenv

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// similar reports whether a stranger can take a name that passes a test for the name at a
// path, but is another one: of an account, or of an account and a repository.
func similar(path, with, test string) bool {
	separator := ""
	switch path[strings.LastIndexByte(path, '.')+1:] {
	case "login", "username":
	case "full_name", "path_with_namespace":
		separator = "/"
	case "label":
		separator = ":"
	default: // a hash, a number or a URL
		return false
	}
	owner, _, whole := with, "", false
	if separator != "" {
		owner, _, whole = strings.Cut(with, separator)
	}
	switch test {
	case "startsWith": // acme-eve starts with acme
		return !whole && free(owner)
	case "endsWith", "contains": // eve-acme/app ends with acme/app
		return free(owner)
	case "matches":
		return matchesAny(with, separator)
	}
	return false
}

// plainName are the characters that the name of an account can have everywhere. Others may
// be reserved: only Apps have brackets, and only accounts of a company have underscores on
// GitHub.
var plainName = regexp.MustCompile(`^[0-9A-Za-z-]*$`)

// free reports whether a stranger can take a name with a text in it.
func free(text string) bool { return plainName.MatchString(text) }

// matchesAny reports whether a regular expression matches the name of somebody whom it does
// not name, perhaps one that starts like those that it is for.
func matchesAny(pattern, separator string) bool {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil || size(tree) > maxRegexp {
		return false
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return false
	}
	const somebody = "mallory"
	names := []string{somebody}
	if start, err := regexp.Compile(strings.TrimPrefix(pattern, "^")); err == nil {
		if prefix, _ := start.LiteralPrefix(); free(prefix) {
			names = append(names, prefix+somebody)
		}
	}
	for _, name := range names {
		if separator != "" {
			name += separator + somebody
		}
		if re.MatchString(name) {
			return true
		}
	}
	return false
}
