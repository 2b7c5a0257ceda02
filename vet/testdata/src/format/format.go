package format

import (
	"fmt"
	"io"

	"github.com/tekwright/tekwright/pkg/builder"
)

func bad(repo builder.String, w io.Writer, all []builder.String) {
	_ = fmt.Sprintf("url=%q", repo)               // want `fmt.Sprintf with %q quotes a variable, not the value that repo has in a run, and Build refuses the result; use "%s" instead`
	_ = fmt.Sprintf(`%s=%q`, "a", string(repo))   // want `with %q quotes`
	_ = fmt.Sprintf(`url=%q`, repo)               // want `with %q quotes`
	_ = fmt.Sprintf("%#v", repo)                  // want `with %#v quotes`
	_ = fmt.Sprintf("%.7s", repo)                 // want `with %.7s cuts`
	_ = fmt.Sprintf("%d%% %*d %x", 1, 2, 3, repo) // want `with %x encodes`
	_ = fmt.Errorf("no %q", repo)                 // want `fmt.Errorf with %q quotes`
	fmt.Fprintf(w, "%q", repo)                    // want `fmt.Fprintf with %q quotes`
	_ = fmt.Appendf(nil, "%q", all)               // want `fmt.Appendf with %q quotes`
}

func good(repo builder.String, w io.Writer, name string, args []any) {
	_ = fmt.Sprintf("%s:%v", repo, repo)
	_ = fmt.Sprintf("%q", name)
	_ = fmt.Sprintf("%q %s", name, repo)
	_ = fmt.Sprintf("%[2]s %[1]q", name, repo)
	_ = fmt.Sprintf("%q", args...)
	_ = fmt.Sprintf(name, repo)
	_ = fmt.Errorf("no %s: %w", repo, io.EOF)
	_ = fmt.Sprintf("%%q %s", repo)
	_ = fmt.Sprintf("%T", repo)
	fmt.Fprintf(w, "%s\n", repo)
	_ = fmt.Sprintf("%q", builder.String("x"))
	_ = fmt.Sprintf("%q", builder.Failed)
}
