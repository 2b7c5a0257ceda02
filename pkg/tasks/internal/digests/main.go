// Command digests rewrites digests.txt, the digests of the catalogue's images. It
// reads lines of the form "IMAGE DIGEST" from standard input, and fails if one is not
// valid or is not about an image of the catalogue. Run it in pkg/tasks:
//
//	for image in $(go run ./internal/digests -list); do
//		echo "$image $(crane digest "$image")"
//	done | go run ./internal/digests
//
// With -list, it lists the images. crane is a command of go-containerregistry; any
// other that prints the digest of an image will do.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/tasks"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout, "digests.txt"); err != nil {
		fmt.Fprintln(os.Stderr, "digests: "+err.Error())
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer, path string) error {
	if len(args) == 1 && args[0] == "-list" {
		_, err := io.WriteString(out, strings.Join(tasks.Images(), "\n")+"\n")
		return err
	}
	if len(args) > 0 {
		return fmt.Errorf("unknown argument %q, want -list or none", args[0])
	}
	lines, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	digests, err := tasks.ParseDigests(string(lines))
	if err != nil {
		return err
	}
	old, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("run this command in pkg/tasks: %w", err)
	}
	text, missing, err := rewrite(string(old), digests)
	if err != nil {
		return err
	}
	for _, image := range missing {
		if _, err := fmt.Fprintln(out, image+" has no digest"); err != nil {
			return err
		}
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// rewrite returns the file with these digests below the comment of the old one, and
// the images that have none.
func rewrite(old string, digests tasks.Digests) (text string, missing []string, err error) {
	images := tasks.Images()
	for image := range digests {
		if !slices.Contains(images, image) {
			return "", nil, fmt.Errorf("the catalogue does not have image %q", image)
		}
	}
	for line := range strings.Lines(old) {
		if strings.HasPrefix(line, "#") {
			text += line
		}
	}
	for _, image := range images {
		if digests[image] == "" {
			missing = append(missing, image)
		}
	}
	return text + digests.String(), missing, nil
}
