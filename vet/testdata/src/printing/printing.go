package printing

import (
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"

	"github.com/tekwright/tekwright/pkg/builder"
)

func bad(repo builder.String, w builder.Workspace, all []builder.String, l *log.Logger, t builder.TaskString) {
	fmt.Println(repo)                                 // want `fmt.Println prints a variable, not the value that repo has in a run; print it in a step`
	fmt.Printf("%s\n", repo)                          // want `fmt.Printf prints`
	fmt.Print("x" + string(t))                        // want `fmt.Print prints`
	fmt.Fprintln(os.Stderr, "repo", repo)             // want `fmt.Fprintln prints`
	log.Printf("workspace %v", w)                     // want `log.Printf prints`
	l.Println(all)                                    // want `l.Println prints`
	slog.Info("start", "repo", repo)                  // want `slog.Info prints`
	slog.Default().Warn("x", "all", all)              // want `Warn prints`
	println(repo)                                     // want `println prints`
	fmt.Println(map[string]builder.String{"a": repo}) // want `fmt.Println prints`
	log.Fatal(fmt.Sprintf("no %s", repo))             // want `log.Fatal prints`
}

func good(repo builder.String, out io.Writer, name string, err error, all []string) {
	fmt.Println(name, err, all)
	fmt.Println(builder.String("x"))
	fmt.Println([]builder.String{"a", "b"})
	fmt.Fprintf(out, "echo %s", repo)
	fmt.Fprintln(out, repo)
	log.Fatal(err)
	log.Printf("%s", builder.Failed)
	slog.Info("start", "name", name)
	fmt.Println(builder.NewPipeline("x"))
	_ = fmt.Sprint(repo)
}

type list []list

func recursive(l list, m map[string]list) { fmt.Println(l, m) }
