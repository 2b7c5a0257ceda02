package negative

import "regexp"

// excuse is an error of ours in what Tekton's admission accepts, and why it is
// one all the same.
type excuse struct {
	code    string
	message *regexp.Regexp
	why     string
}

func excused(code, message, why string) excuse { return excuse{code, regexp.MustCompile(message), why} }

var accepted = []excuse{}

// mending is a refusal of a part alone that no object can bring about.
type mending struct {
	message *regexp.Regexp
	why     string
}

func mends(message, why string) mending { return mending{regexp.MustCompile(message), why} }

var mended = []mending{}
