// Package run is what the examples' main functions share.
package run

import (
	"flag"
	"log"
	"os"

	"github.com/tekwright/tekwright/pkg/manifest"
)

// Main writes the set to standard output as one stream, or with -o into a
// folder, one file per object.
func Main(set *manifest.Set) {
	dir := flag.String("o", "", "write one file per object into this folder")
	flag.Parse()
	err := error(nil)
	if *dir != "" {
		err = set.WriteDir(*dir)
	} else {
		err = set.Write(os.Stdout)
	}
	if err != nil {
		log.Fatal(err)
	}
}
