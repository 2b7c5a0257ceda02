package tasks

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

//go:embed digests.txt
var digestsFile string

// Digests has the digests of images, by their references with a tag:
// docker.io/library/busybox:1.37.0 has sha256:....
type Digests map[string]string

// KnownDigests returns the digests of the catalogue's images that this version of the
// module knows. At present there are none.
func KnownDigests() Digests {
	d, err := ParseDigests(digestsFile)
	if err != nil {
		return Digests{} // a test parses the file
	}
	return d
}

var (
	digestFormat = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	taggedImage  = regexp.MustCompile(`^[a-z0-9][a-zA-Z0-9.:/_-]*:[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$`)
)

// ParseDigests reads lines of the form "IMAGE DIGEST". Empty lines and those that
// begin with # are ignored. The error lists all lines that are not valid, and images
// that have two digests.
//
// A program can embed a file with such lines:
//
//	//go:embed digests.txt
//	var lines string
//
//	digests, err := tasks.ParseDigests(lines)
//
// [Images] lists the images of the catalogue. Any tool that prints the digest of an
// image can complete the lines, such as crane digest or docker buildx imagetools
// inspect.
func ParseDigests(text string) (Digests, error) {
	out := Digests{}
	var errs []error
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		fail := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("line "+strconv.Itoa(n)+": "+format, args...))
		}
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || strings.HasPrefix(fields[0], "#"):
		case len(fields) != 2:
			fail("want an image and a digest, got %q", strings.TrimSpace(line))
		case !taggedImage.MatchString(fields[0]):
			fail("%q is not an image with a tag", fields[0])
		case !digestFormat.MatchString(fields[1]):
			fail("%q is not a digest: want sha256: and 64 hexadecimal digits", fields[1])
		case out[fields[0]] != "" && out[fields[0]] != fields[1]:
			fail("%s has another digest above", fields[0])
		default:
			out[fields[0]] = fields[1]
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return out, nil
}

// String returns the digests as ParseDigests reads them, sorted by image.
func (d Digests) String() string {
	var b strings.Builder
	for _, image := range slices.Sorted(maps.Keys(d)) {
		b.WriteString(image + " " + d[image] + "\n")
	}
	return b.String()
}

// Pinned returns a source with the objects of others, whose Tasks refer to images by
// digest: docker.io/library/busybox:1.37.0@sha256:.... What a tag refers to can
// change, for example if the account of its publisher is taken over; a digest always
// refers to the same content.
//
//	manifest.New(tasks.Pinned(digests, listener), infra.ListenerRBAC(listener))
//
// It is an error if the digest of an image is not known. Images that already have a
// digest, and those with a variable, stay unchanged. Tasks that are embedded in
// Pipelines and in runs are not changed, those of the catalogue never are.
func Pinned(digests Digests, sources ...manifest.Source) manifest.Source {
	return &pinned{digests, sources}
}

type pinned struct {
	digests Digests
	sources []manifest.Source
}

// Objects returns the objects of the sources.
func (p *pinned) Objects() ([]object.Object, error) {
	var out []object.Object
	var errs []error
	for _, s := range p.sources {
		if s == nil {
			errs = append(errs, errors.New("tasks.Pinned: a source is nil"))
			continue
		}
		objects, err := s.Objects()
		errs = append(errs, err)
		for _, o := range objects {
			task, ok := o.Object.(*v1.Task)
			if !ok || task == nil {
				out = append(out, o)
				continue
			}
			task = task.DeepCopy()
			var found diag.Findings
			pin := func(image *string, path diag.Path, who string) {
				f, ok := p.pin(image, who)
				if !ok {
					f.Object, f.Path, f.Position = o.Ref(), path, o.At(path)
					found = append(found, f)
				}
			}
			if t := task.Spec.StepTemplate; t != nil {
				pin(&t.Image, diag.Fields("spec", "stepTemplate", "image"), "the step template")
			}
			for i := range task.Spec.Steps {
				s := &task.Spec.Steps[i]
				pin(&s.Image, diag.Fields("spec").FieldIndex("steps", i).Field("image"), "step "+strconv.Quote(s.Name))
			}
			for i := range task.Spec.Sidecars {
				s := &task.Spec.Sidecars[i]
				pin(&s.Image, diag.Fields("spec").FieldIndex("sidecars", i).Field("image"), "sidecar "+strconv.Quote(s.Name))
			}
			errs = append(errs, found.Err())
			o.Object = task
			out = append(out, o)
		}
	}
	return out, errors.Join(errs...)
}

// pin adds the digest to an image. It returns false and a finding if it is not known.
func (p *pinned) pin(image *string, who string) (diag.Finding, bool) {
	if *image == "" || strings.ContainsAny(*image, "@$") {
		return diag.Finding{}, true
	}
	digest, ok := p.digests[*image]
	switch {
	case !ok:
		return diag.Finding{
			Code: "image-unpinned", Severity: diag.Error, Message: "the digest of image " + strconv.Quote(*image) + " of " + who + " is not known",
			Help: "add its digest, for example that of crane digest " + *image,
		}, false
	case !digestFormat.MatchString(digest):
		return diag.Finding{
			Code: "image-unpinned", Severity: diag.Error, Message: strconv.Quote(digest) + ", the digest of image " + strconv.Quote(*image) + ", is not valid",
			Help: "write it as sha256: and 64 hexadecimal digits",
		}, false
	}
	*image += "@" + digest
	return diag.Finding{}, true
}
