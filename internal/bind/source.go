package bind

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tekwright/tekwright/internal/suggest"
)

// Scheme says where a source is.
type Scheme string

// The schemes.
const (
	File    Scheme = "file"
	Git     Scheme = "git"
	Bundle  Scheme = "bundle"
	Hub     Scheme = "hub"
	Cluster Scheme = "cluster"
	HTTP    Scheme = "https"
)

// Source is where Tasks and StepActions are read from.
type Source struct {
	Scheme Scheme

	// URL is that of a repository or of a file, without a password.
	URL string
	// Revision of a repository: a branch, a tag or a commit.
	Revision string
	// Path is a file or a folder: of the file system, or of the repository.
	Path string
	// Image is the reference of a bundle.
	Image string
	// Name is that of a Task or a StepAction, "" for all of a bundle.
	Name string
	// Catalog and Version are those of a hub. The catalog may be "".
	Catalog, Version string
	// TektonHub reports whether the hub is a Tekton Hub instead of an Artifact Hub.
	TektonHub bool
	// Namespace is that of a cluster.
	Namespace string

	password *url.Userinfo
	query    string // of URL, with what must not be shown
}

// longest is the maximum length of a source.
const longest = 2000

// schemes are what a source may begin with.
var schemes = []string{"git+https://", "git+ssh://", "git+file://", "git+http://", "bundle://", "hub://", "cluster://", "https://", "http://"}

// Parse parses a source as people write it. The error says what is wrong, and does not
// contain a password.
func Parse(text string) (Source, error) {
	s, err := parse(text)
	if err != nil {
		return Source{}, fmt.Errorf("%s is not a source: %w", shown(text), err)
	}
	return s, nil
}

func parse(text string) (Source, error) {
	switch {
	case text == "":
		return Source{}, errors.New("it is empty")
	case len(text) > longest:
		return Source{}, fmt.Errorf("it is longer than %d characters", longest)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
	}):
		return Source{}, errors.New("it contains a control character")
	}
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || strings.ContainsAny(scheme, `/\.`) {
		return Source{Scheme: File, Path: text}, nil
	}
	switch scheme {
	case "git+https", "git+ssh", "git+file", "git+http":
		return parseGit(strings.TrimPrefix(scheme, "git+"), rest)
	case "bundle":
		return parseBundle(rest)
	case "hub":
		return parseHub(rest)
	case "cluster":
		namespace, name, ok := strings.Cut(rest, "/")
		if !ok || !isName(namespace) || !isName(name) {
			return Source{}, errors.New("write it as cluster://NAMESPACE/NAME")
		}
		return Source{Scheme: Cluster, Namespace: namespace, Name: name}, nil
	case "https", "http":
		return parseURL(text)
	}
	help := "it begins with none of " + strings.Join(schemes, ", ")
	if near := suggest.Name(scheme+"://", schemes); near != "" {
		help = "did you mean " + near + "?"
	}
	return Source{}, errors.New(help)
}

// parseGit parses HOST/REPO@REV:PATH.
func parseGit(scheme, rest string) (Source, error) {
	const form = "write it as git+https://HOST/REPO@REVISION:PATH"
	host, where, ok := strings.Cut(rest, "/")
	if !ok || host == "" && scheme != "file" {
		return Source{}, errors.New(form)
	}
	repository, where, ok := strings.Cut(where, "@")
	revision, file, found := strings.Cut(where, ":")
	switch {
	case !ok || !found || repository == "":
		return Source{}, errors.New(form)
	case revision == "" || revision[0] == '-' || strings.ContainsAny(revision, " ~^?*[\\") || strings.Contains(revision, ".."):
		return Source{}, fmt.Errorf("%q is not a git revision", revision)
	case !isPath(file):
		return Source{}, fmt.Errorf("%q is not a path in a repository", file)
	}
	u, err := url.Parse(scheme + "://" + host + "/" + repository)
	if err != nil || u.RawQuery != "" || u.Fragment != "" {
		return Source{}, errors.New(form)
	}
	s := Source{Scheme: Git, Revision: revision, Path: strings.TrimPrefix(path.Clean("/"+file), "/")}
	return s.at(u)
}

// at sets the URL, and keeps the password apart.
func (s Source) at(u *url.URL) (Source, error) {
	name := u.Hostname()
	local := name == "localhost" || name == "127.0.0.1" || name == "::1"
	if u.Scheme != "file" && (name == "" || strings.HasPrefix(name, "-")) {
		return Source{}, errors.New("it has no host")
	}
	if u.Scheme == "http" && !local {
		return Source{}, errors.New("http is only for localhost\n  help: use https")
	}
	if u.User != nil {
		if password, _ := u.User.Password(); strings.ContainsAny(u.User.Username()+password, "\x00\r\n") {
			return Source{}, errors.New("its user or its password contains a control character")
		}
		if _, ok := u.User.Password(); ok || u.Scheme != "ssh" {
			s.password = u.User
			u.User = nil
		}
	}
	if u.User != nil && strings.HasPrefix(u.User.Username(), "-") {
		return Source{}, errors.New("its user begins with a dash")
	}
	s.URL = u.String()
	return s, nil
}

// isPath reports whether a path stays in its repository.
func isPath(p string) bool {
	for part := range strings.SplitSeq(p, "/") {
		if part == ".." || strings.EqualFold(part, ".git") {
			return false
		}
	}
	return !strings.HasPrefix(p, "/") && !strings.Contains(p, `\`)
}

// isName reports whether a text may be the name of an object, of a namespace or of a part of
// the path of a hub.
func isName(s string) bool {
	if s == "" || len(s) > 253 || s == "." || s == ".." {
		return false
	}
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r == '_') {
			return false
		}
	}
	return true
}

// parseBundle parses IMAGE[#NAME].
func parseBundle(rest string) (Source, error) {
	image, name, named := strings.Cut(rest, "#")
	if named && !isName(name) {
		return Source{}, fmt.Errorf("%q is not the name of a Task or a StepAction", name)
	}
	before, digest, pinned := strings.Cut(image, "@")
	if pinned && !strings.HasPrefix(digest, "sha256:") {
		return Source{}, errors.New("an image has no user\n  help: log in with docker login or podman login")
	}
	for _, r := range before + digest {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._/:[]", r)) {
			return Source{}, fmt.Errorf("%q cannot be in the name of an image", r)
		}
	}
	if before == "" || before[0] == '-' {
		return Source{}, errors.New("write it as bundle://IMAGE#NAME")
	}
	return Source{Scheme: Bundle, Image: image, Name: name}, nil
}

// parseHub parses [CATALOG/]NAME@VERSION[?type=tekton].
func parseHub(rest string) (Source, error) {
	const form = "write it as hub://NAME@VERSION or hub://CATALOG/NAME@VERSION, for a Tekton Hub with ?type=tekton"
	s := Source{Scheme: Hub}
	rest, query, _ := strings.Cut(rest, "?")
	switch query {
	case "", "type=artifact":
	case "type=tekton":
		s.TektonHub = true
	default:
		return Source{}, errors.New(form)
	}
	name, version, ok := strings.Cut(rest, "@")
	if catalog, inner, ok := strings.Cut(name, "/"); ok {
		if !isName(catalog) {
			return Source{}, errors.New(form)
		}
		s.Catalog, name = catalog, inner
	}
	if !ok || !isName(name) || !isName(version) {
		return Source{}, errors.New(form)
	}
	s.Name, s.Version = name, version
	return s, nil
}

// parseURL parses the URL of a file.
func parseURL(text string) (Source, error) {
	u, err := url.Parse(text)
	if err != nil {
		return Source{}, errors.New("it is not a URL") // the cause may quote a password
	}
	u.Fragment, u.RawFragment = "", ""
	query := u.RawQuery
	u.RawQuery = withoutSecrets(query)
	s := Source{Scheme: HTTP}
	if query != u.RawQuery {
		s.query = query
	}
	return s.at(u)
}

// withoutSecrets returns a query without the values that may give access to a file, which
// are those of all params that are not known to be harmless.
func withoutSecrets(query string) string {
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		switch strings.ToLower(name) {
		case "ref", "raw", "path", "version", "format", "branch", "tag", "at", "plain", "inline", "rev", "h", "id", "ref_type":
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "&")
}

// shown returns a text that may be a source without what may be a password.
func shown(text string) string {
	if len(text) > longest {
		text = text[:longest]
	}
	head, rest, ok := strings.Cut(text, "://")
	if !ok {
		return fmt.Sprintf("%q", text)
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	if at := strings.LastIndexByte(rest[:end], '@'); at >= 0 && strings.Contains(rest[:at], ":") || at >= 0 && !strings.HasPrefix(head, "hub") && !strings.HasPrefix(head, "bundle") {
		rest = "***" + rest[at:]
	}
	if !strings.HasPrefix(head, "hub") {
		rest, _, _ = strings.Cut(rest, "?")
	}
	return fmt.Sprintf("%q", head+"://"+rest)
}

// String returns the source as people write it, without a password.
func (s Source) String() string {
	switch s.Scheme {
	case Git:
		return "git+" + s.URL + "@" + s.Revision + ":" + s.Path
	case Bundle:
		if s.Name == "" {
			return "bundle://" + s.Image
		}
		return "bundle://" + s.Image + "#" + s.Name
	case Hub:
		text := s.Name + "@" + s.Version
		if s.Catalog != "" {
			text = s.Catalog + "/" + text
		}
		if s.TektonHub {
			text += "?type=tekton"
		}
		return "hub://" + text
	case Cluster:
		return "cluster://" + s.Namespace + "/" + s.Name
	case HTTP:
		return s.URL
	}
	return s.Path
}

// Remote reports whether reading the source needs a network.
func (s Source) Remote() bool { return s.Scheme != File }

// Password returns the user and the password in the URL, nil if there are none. They must
// reach no file, message or command line.
func (s Source) Password() *url.Userinfo { return s.password }

// Address returns the URL of a file with the whole query, which must reach no file or
// message.
func (s Source) Address() string {
	if s.query == "" {
		return s.URL
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		return s.URL
	}
	u.RawQuery = s.query
	return u.String()
}
