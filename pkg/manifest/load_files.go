package manifest

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// loading is a file that is read.
type loading struct {
	LoadResult
	loadedText
	cut   bool  // the time was up before all of it was read
	size  int   // of the text
	grown int64 // number of bytes that aliases have added
}

// loadedText is the text of a file, or the error of reading it.
type loadedText struct {
	text  string
	err   error
	given bool // the text is one of LoadOptions.Overlay
}

const (
	// readers is the number of files that are read at the same time. Reading waits more than
	// it computes.
	readers = 8
	// ahead is the number of files that are read and not parsed yet, or being parsed.
	ahead = 4 * readers
)

// parsedFiles are files that are read.
type parsedFiles struct {
	files  []discovery.File
	loaded []loading // of the files
	end    int       // the files before it are read
	stop   string    // why not all files are read
	left   *budget
	o      LoadOptions
}

// parseFiles reads and parses files in parallel. Only a few texts that nothing refers to are
// in memory at the same time. How many more files are read than parsed differs from run to
// run.
func (o LoadOptions) parseFiles(ctx context.Context, files []discovery.File, named *sync.Map) parsedFiles {
	p := parsedFiles{files: files, loaded: make([]loading, len(files)), left: o.budget(), o: o}
	var (
		reported atomic.Int64 // findings so far
		grown    atomic.Int64 // bytes that aliases have added so far
		workers  sync.WaitGroup
		queue    = make(chan int)
		places   = make(chan struct{}, ahead)
		done     = make(chan struct{})
	)
	texts := o.readFiles(ctx, files, named, &workers, places, done)
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		workers.Go(func() {
			reader := yamlread.NewReader()
			for i := range queue {
				l := &p.loaded[i]
				l.parse(ctx, files[i], p.left.Findings, o.Brief, reader)
				reported.Add(int64(len(l.Findings)))
				grown.Add(l.grown)
				<-places
			}
		})
	}
	for p.end < len(files) && ctx.Err() == nil && reported.Load() <= int64(p.left.Findings) && grown.Load() <= p.left.mayGrow() {
		var t loadedText
		select {
		case t = <-texts(p.end):
		case <-ctx.Done():
			continue
		}
		if p.stop = p.left.take(t.text); p.stop != "" {
			break
		}
		p.loaded[p.end].loadedText = t
		select {
		case queue <- p.end:
			p.end++
		case <-ctx.Done():
		}
	}
	close(done)
	close(queue)
	workers.Wait()
	if i := slices.IndexFunc(p.loaded[:p.end], func(l loading) bool { return l.cut }); i >= 0 {
		p.end = i
	}
	return p
}

// readFiles lets workers read files in their order, until they are larger than the limit, and
// returns where the texts are to be had. A worker reads a file once it has put something
// into places, and stops when done is closed.
func (o LoadOptions) readFiles(ctx context.Context, files []discovery.File, named *sync.Map, workers *sync.WaitGroup,
	places chan<- struct{}, done <-chan struct{}) func(i int) <-chan loadedText {
	most := o.budget().Bytes
	var size, next atomic.Int64
	// The files that have a place and are not taken yet follow each other.
	texts := make([]chan loadedText, ahead)
	for i := range texts {
		texts[i] = make(chan loadedText, 1)
	}
	read := func(f discovery.File, buffer []byte) loadedText {
		if before, ok := named.Load(f.Name); ok && f.Named {
			return before.(loadedText)
		}
		var t loadedText
		if t.text, t.given = o.Overlay[f.Name]; !t.given {
			t.text, t.err = content(f, o.Stdin, buffer)
		}
		if f.Named {
			named.Store(f.Name, t)
		}
		return t
	}
	for range min(readers, len(files)) {
		workers.Go(func() {
			buffer := make([]byte, 64<<10)
			for size.Load() <= most {
				select {
				case <-done:
					return
				case <-ctx.Done():
					return
				case places <- struct{}{}:
				}
				i := int(next.Add(1)) - 1
				if i >= len(files) {
					return
				}
				t := read(files[i], buffer)
				size.Add(int64(len(t.text)))
				texts[i%ahead] <- t
			}
		})
	}
	return func(i int) <-chan loadedText { return texts[i%ahead] }
}

// join adds what is read to a result, within the limits. It returns the number of files of
// which it is, and sets why these are not all.
func (p parsedFiles) join(all *LoadResult, stop *string) int {
	all.Texts, all.released = map[string]string{}, map[string]stamp{}
	all.secrets, all.known = map[string]secrets.Parts{}, new(secrets.Known)
	end, objects := p.end, 0
	once := templateNotes{}
	growth := p.o.budget()
	for i, l := range p.loaded[:end] {
		if growth.grow(l); growth.growth < 0 {
			*stop, end = growthLimit, i
			break
		}
		objects += len(l.Objects)
		l.Findings = once.fold(l.Findings, p.files[i])
		if all.Findings = append(all.Findings, l.Findings...); len(all.Findings) > p.left.Findings {
			all.Findings = all.Findings[:p.left.Findings]
			*stop, end = tooMany(p.left.Findings), i+1
			break
		}
	}
	all.Objects = make([]object.Object, 0, objects)
	for _, l := range p.loaded[:end] {
		all.Objects = append(all.Objects, l.Objects...)
		all.Files += l.Files
		maps.Copy(all.Texts, l.Texts)
		maps.Copy(all.released, l.released)
		maps.Copy(all.secrets, l.secrets)
		for _, parts := range l.secrets {
			all.known.Add(parts)
		}
	}
	all.addDeclared()
	all.addTekton()
	once.count(all.Findings)
	return end
}

// parse parses the text of a file. If the context ends meanwhile, it leaves out the file:
// what of it must not be shown is not known.
func (l *loading) parse(ctx context.Context, f discovery.File, findings int, brief bool, reader *yamlread.Reader) {
	defer func() {
		if l.cut = ctx.Err() != nil; l.cut {
			l.LoadResult = LoadResult{}
		}
	}()
	stop := func() bool { return ctx.Err() != nil }
	if l.err != nil {
		l.Findings = diag.Findings{unreadable(f.Name, l.err)}
		return
	}
	text := l.text
	l.size, l.text = len(text), ""
	keep := true
	l.Texts = map[string]string{f.Name: text}
	switch {
	case f.Chart != "" && !f.Named && strings.Contains(text, "{{"):
		l.Objects, l.Findings = parseChart(text, f.Name)
	default:
		d := decoder{name: f.Name, most: findings, secrets: secrets.NewReader(text), stop: stop, brief: brief, reader: reader}
		d.secrets.Until(stop)
		switch {
		case f.Stdin:
		case f.Named:
			d.how = named
		default:
			d.how = walked
		}
		d.stream(text)
		keep = !brief || f.Named || l.given || d.held || d.secrets == nil || tektonFolder(f.Name) != ""
		l.Objects, l.Findings, l.grown = d.objects, d.findings, d.grown
		if d.secrets != nil && !stop() {
			l.secrets = map[string]secrets.Parts{f.Name: d.secrets.Parts()}
		}
	}
	if !f.Stdin {
		l.Findings = ours(l.Findings, f, text)
	}
	if len(l.Objects)+len(l.Findings) > 0 || f.Named {
		l.Files = 1
	}
	if keep || len(l.Findings) > 0 {
		return
	}
	l.Texts, l.released = nil, map[string]stamp{f.Name: stampOf(text)}
	for name, parts := range l.secrets {
		l.secrets[name] = parts.Clone()
	}
}

// content reads a file through a buffer.
func content(f discovery.File, stdin io.Reader, buffer []byte) (string, error) {
	in := stdin
	var text strings.Builder
	if !f.Stdin {
		opened, err := os.Open(f.Name)
		if err != nil {
			return "", err
		}
		defer opened.Close() //nolint:errcheck // opened to be read
		if info, err := opened.Stat(); err == nil && info.Mode().IsRegular() && info.Size() <= largest {
			text.Grow(int(info.Size()))
		}
		in = opened
	}
	// Most strings of the objects are substrings of the text.
	_, err := io.CopyBuffer(&text, io.LimitReader(in, largest+1), buffer)
	if err == nil && text.Len() > largest {
		err = fmt.Errorf("larger than %d MiB", largest>>20)
	}
	return text.String(), err
}
