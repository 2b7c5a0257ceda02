package manifest

import "github.com/tekwright/tekwright/internal/folderlock"

// ErrBusy means that another process is writing the folder. Errors of
// [Set.WriteDir], [Set.CheckDir] and [ReadDir] wrap it. The call can be repeated when
// the other process has finished.
var ErrBusy = folderlock.ErrBusy
