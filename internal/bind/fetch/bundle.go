package fetch

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"github.com/klauspost/compress/zstd"

	"github.com/tekwright/tekwright/internal/bind"
	"github.com/tekwright/tekwright/internal/bounded"
)

// What a layer of a bundle has, and the maximum number of layers, as in the bundles resolver
// of Tekton.
const (
	annotationKind       = "dev.tekton.image.kind"
	annotationName       = "dev.tekton.image.name"
	annotationAPIVersion = "dev.tekton.image.apiVersion"
	maxLayers            = 20
)

// bundle reads the Tasks and StepActions of a bundle, by the rules of Tekton's own resolver.
func (f *Fetcher) bundle(ctx context.Context, s bind.Source) (got bind.Fetched, err error) {
	ref, err := name.ParseReference(s.Image)
	if err != nil {
		return got, fmt.Errorf("%q is not the name of an image", s.Image)
	}
	puller, err := remote.NewPuller(remote.WithAuthFromKeychain(authn.DefaultKeychain), remote.WithTransport(f.transport()))
	if err != nil {
		return got, registryError(ctx, err)
	}
	image, err := puller.Get(ctx, ref)
	if err != nil {
		return got, registryError(ctx, err)
	}
	img, err := image.Image()
	if err != nil {
		return got, registryError(ctx, err)
	}
	digest, err := img.Digest()
	if err != nil {
		return got, registryError(ctx, err)
	}
	manifest, err := img.Manifest()
	if err != nil {
		return got, registryError(ctx, err)
	}
	if err := compliant(manifest); err != nil {
		return got, err
	}
	layerOf := img.LayerByDigest
	if elsewhere(manifest) {
		layerOf = func(h v1.Hash) (v1.Layer, error) { return puller.Layer(ctx, ref.Context().Digest(h.String())) }
	}
	got = bind.Fetched{Resolved: digest.String(), Folder: s.Name == ""}
	var names []string
	for _, l := range manifest.Layers {
		kind, object := l.Annotations[annotationKind], l.Annotations[annotationName]
		if kind != "task" && kind != "stepaction" {
			continue
		}
		names = append(names, object)
		if s.Name != "" && s.Name != object {
			continue
		}
		text, err := content(layerOf, l.Digest)
		if err != nil {
			return got, fmt.Errorf("%s %s: %w", kind, quoted(object), layerError(ctx, err))
		}
		got.Files = append(got.Files, bind.Text{Path: object, Bytes: text})
	}
	if len(got.Files) == 0 {
		return got, nothing(s.Name, names)
	}
	return got, nil
}

// nothing is the error for a bundle that does not have what is asked for.
func nothing(name string, names []string) error {
	if len(names) == 0 {
		return errors.New("the bundle has no Task and no StepAction")
	}
	for i, n := range names {
		names[i] = quoted(n)
	}
	return fmt.Errorf("the bundle has no Task and no StepAction %q\n  help: it has %s", name, strings.Join(names, ", "))
}

// quoted returns a text of a manifest for a message. The registry can choose its length.
func quoted(text string) string {
	const most = 80
	if len(text) > most {
		return strconv.Quote(text[:most]) + "…"
	}
	return strconv.Quote(text)
}

// elsewhere reports whether a manifest refers to other servers: go-containerregistry asks them
// for what the registry does not have, and so would send requests to wherever a stranger wants.
func elsewhere(m *v1.Manifest) bool {
	return len(m.Config.URLs) > 0 || slices.ContainsFunc(m.Layers, func(l v1.Descriptor) bool { return len(l.URLs) > 0 })
}

// compliant reports what the resolver of Tekton rejects.
func compliant(m *v1.Manifest) error {
	if len(m.Layers) > maxLayers {
		return fmt.Errorf("it is not a bundle that Tekton reads: it has more than %d layers", maxLayers)
	}
	for i, l := range m.Layers {
		for _, a := range []string{annotationAPIVersion, annotationName, annotationKind} {
			if _, ok := l.Annotations[a]; !ok {
				return fmt.Errorf("it is not a Tekton bundle: layer %d has no annotation %s", i, a)
			}
		}
		if kind := l.Annotations[annotationKind]; strings.TrimSuffix(strings.ToLower(kind), "s") != kind {
			return fmt.Errorf("it is not a bundle that Tekton reads: the annotation %s of layer %d is %s, which is not lower-case and singular", annotationKind, i, quoted(kind))
		}
	}
	return nil
}

// content returns the first file of a layer, or the layer if it is not an archive.
func content(layerOf func(v1.Hash) (v1.Layer, error), digest v1.Hash) ([]byte, error) {
	open := func(read func(io.Reader) ([]byte, error)) ([]byte, error) {
		l, err := layerOf(digest)
		if err != nil {
			return nil, err
		}
		r, err := l.Compressed()
		if err != nil {
			return nil, err
		}
		defer r.Close()
		plain, done, err := uncompressed(r)
		if err != nil {
			return nil, err
		}
		defer done()
		return read(plain)
	}
	text, err := open(func(r io.Reader) ([]byte, error) {
		archive := tar.NewReader(newAtMost(r, bind.MaxBytes+1<<20))
		if _, err := archive.Next(); err != nil {
			return nil, errNoArchive
		}
		return bounded.ReadAll(archive, bind.MaxBytes)
	})
	if errors.Is(err, errNoArchive) {
		return open(func(r io.Reader) ([]byte, error) { return bounded.ReadAll(r, bind.MaxBytes) })
	}
	return text, err
}

// maxWindow is the largest window of a layer in zstd, which the decoder keeps in memory.
// buildkit and podman write at most 8 MiB; a frame can ask for 512 MiB and more.
const maxWindow = 32 << 20

// uncompressed returns a layer without its compression, which its first bytes say.
// [v1.Layer.Uncompressed] does the same without a limit.
func uncompressed(r io.Reader) (plain io.Reader, done func(), err error) {
	b := bufio.NewReader(r)
	start, err := b.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	switch {
	case bytes.HasPrefix(start, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, nil, err
		}
		return z, func() {}, nil
	case bytes.HasPrefix(start, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderMaxMemory(maxWindow))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}
	return b, func() {}, nil
}

var errNoArchive = errors.New("the layer is not an archive")

// layerError returns an error for a layer in one line.
func layerError(ctx context.Context, err error) error {
	if answer, ok := errors.AsType[*transport.Error](err); ok && answer.StatusCode == http.StatusNotFound {
		return errors.New("the registry does not have its layer")
	}
	return registryError(ctx, err)
}

// registryError returns an error of a registry in one line.
func registryError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if answer, ok := errors.AsType[*transport.Error](err); ok {
		switch answer.StatusCode {
		case http.StatusNotFound:
			return errors.New("the registry does not have the image")
		case http.StatusUnauthorized, http.StatusForbidden:
			return errors.New("the registry refuses access\n  help: log in with docker login or podman login")
		}
		return fmt.Errorf("the registry answers %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
	}
	return withoutURL(err)
}
