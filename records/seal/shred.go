package seal

import (
	"context"
	"fmt"
)

// Shred destroys all keys of a subject, and with them the subject's personal fields in every case, export and backup: the ciphertext stays, so that
// every proof still holds, and nobody can read it any more. It tells how many keys there were; a subject without keys is no error.
//
// With a log the keys are written down there first. From then on the entries are read as erased even if the keyring still has the key, so that a
// shredding that was cut off is finished by calling Shred again, and a keyring that comes back from a backup brings nobody back.
// Entries that are being appended at the same moment may be encrypted under the destroyed key; they are erased too. A subject that gives
// new data later gets a new key.
func (j *Journal) Shred(ctx context.Context, subject string) (int, error) {
	if j.keys == nil {
		return 0, fmt.Errorf("seal: shredding: %w", ErrNoKeys)
	}
	ids, err := j.keys.IDs(ctx, subject)
	if err != nil {
		return 0, fmt.Errorf("seal: shredding: %w", err)
	}
	if j.log != nil {
		if err := j.log.destroy(ctx, ids); err != nil {
			return 0, err
		}
	}
	if err := j.keys.Destroy(ctx, ids...); err != nil {
		return 0, fmt.Errorf("seal: shredding: %w", err)
	}
	return len(ids), nil
}
