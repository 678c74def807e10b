package seal

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

const ownerOnly = 0o600

// readFile reads a file that only its owner may read. Windows has no such modes; there the folder's rights are what protects it.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("seal: keyring: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&^ownerOnly != 0 {
		return nil, fmt.Errorf("seal: keyring %s: %w: mode %v", path, ErrKeyringOpen, info.Mode().Perm())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("seal: keyring: %w", err)
	}
	return data, nil
}

// createFile makes a file that must not be there yet.
func createFile(path string, data []byte) (sum, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, ownerOnly)
	if err != nil {
		return sum{}, fmt.Errorf("seal: keyring: %w", err)
	}
	if err := errors.Join(finish(f, data), syncFolder(path)); err != nil {
		return sum{}, fmt.Errorf("seal: keyring %s: %w", path, errors.Join(err, os.Remove(path)))
	}
	return sha256.Sum256(data), nil
}

// leftover is the name of a file that is being written. It would hold keys that were destroyed since, if it outlived a crash under a name of its own
// each time.
func leftover(path string) string { return path + ".new" }

// removeLeftover takes away what a crash has left. Whoever is writing it just now fails, and the old file stays.
func removeLeftover(path string) error {
	if err := os.Remove(leftover(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("seal: keyring: %w", err)
	}
	return nil
}

// replaceFile puts new bytes in the place of the file, if it still has the bytes that are expected and nobody else is about to do so.
func replaceFile(path string, data []byte, expected sum) (sum, error) {
	now, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && sha256.Sum256(now) != expected {
		err = ErrKeyringChanged
	}
	if err != nil {
		return sum{}, fmt.Errorf("seal: keyring %s: %w", path, err)
	}
	f, err := os.OpenFile(leftover(path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, ownerOnly)
	if errors.Is(err, fs.ErrExist) {
		err = fmt.Errorf("%w: %s is there", ErrKeyringChanged, leftover(path))
	}
	if err != nil {
		return sum{}, fmt.Errorf("seal: keyring: %w", err)
	}
	err = finish(f, data)
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return sum{}, fmt.Errorf("seal: keyring %s: %w", path, errors.Join(err, os.Remove(f.Name())))
	}
	if err := syncFolder(path); err != nil {
		return sum{}, fmt.Errorf("seal: keyring %s: %w", path, err)
	}
	return sha256.Sum256(data), nil
}

// finish writes, syncs and closes.
func finish(f *os.File, data []byte) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncFolder makes a new name as durable as the file. Windows cannot sync folders, and needs not.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
