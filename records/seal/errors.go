package seal

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/servicecharter/charter/journal"
)

// What is wrong with stored entries. Each comes inside a [*Fault], which names the case and the entry and also matches [ErrTampered].
var (
	// ErrTampered: stored bytes are not those that were sealed, in whichever way. Every [*Fault] matches it.
	ErrTampered = errors.New("not what was sealed")

	// ErrDamaged: an entry's bytes are not those that were sealed as this entry of this case.
	ErrDamaged = errors.New("bytes differ from those that were sealed")

	// ErrLink: an entry is whole but does not continue the entry before it.
	ErrLink = errors.New("does not continue the entry before it")

	// ErrMissing: an entry that the case has had is not there.
	ErrMissing = errors.New("entry is missing")

	// ErrOrder: an entry stands where another one belongs.
	ErrOrder = errors.New("entry is out of order")

	// ErrRewritten: the entries agree with each other but not with what the log says of them.
	ErrRewritten = errors.New("differs from what the log holds")
)

// What is wrong with logs, checkpoints and case files.
var (
	// ErrCheckpoint: a text is not a signed checkpoint.
	ErrCheckpoint = errors.New("malformed checkpoint")

	// ErrSignature: a checkpoint bears no signature of a key that is trusted, or a forged one.
	ErrSignature = errors.New("checkpoint without a valid signature of a trusted key")

	// ErrOrigin: a checkpoint is that of another log.
	ErrOrigin = errors.New("checkpoint of another log")

	// ErrRolledBack: a log has fewer heads than a checkpoint that was signed for it. It, or the database with it, is an older one.
	ErrRolledBack = errors.New("log is older than the checkpoint")

	// ErrForked: a log has other heads than a checkpoint that was signed for it.
	ErrForked = errors.New("log differs from the checkpoint")

	// ErrLog: the records of a log cannot be read.
	ErrLog = errors.New("malformed log")

	// ErrNoLog: the journal was made without a log, and the call needs one.
	ErrNoLog = errors.New("no log")

	// ErrNoCheckpoint: no checkpoint covers the case yet.
	ErrNoCheckpoint = errors.New("no checkpoint covers the case")

	// ErrNoSigner: a checkpoint was asked for without a key to sign it.
	ErrNoSigner = errors.New("no signer")

	// ErrCaseFile: bytes are not a case file.
	ErrCaseFile = errors.New("malformed case file")

	// ErrProof: a case file is well formed, but the checkpoint in it does not hold the case as the file shows it.
	ErrProof = errors.New("the checkpoint does not hold the case as it is shown")
)

// What is wrong with keys.
var (
	// ErrNoKeys: an entry has personal fields and the journal no keys to encrypt them.
	ErrNoKeys = errors.New("no keys for personal fields")

	// ErrPlain: a record is an entry with personal fields but not in its canonical form, so that they would be stored as they are.
	ErrPlain = errors.New("personal fields in an entry that is not canonical")

	// ErrKeyDestroyed: the key was destroyed, and with it what was encrypted under it.
	ErrKeyDestroyed = errors.New("key was destroyed")

	// ErrKeyUnknown: nobody has heard of the key. As a rule the keyring is another one, or older than the entry.
	ErrKeyUnknown = errors.New("unknown key")

	// ErrWrongKey: a key does not open what was encrypted under its name.
	ErrWrongKey = errors.New("wrong key")

	// ErrKeyring: a keyring file is truncated or damaged.
	ErrKeyring = errors.New("damaged keyring file")

	// ErrKeyringOpen: others than the owner may read the keyring file.
	ErrKeyringOpen = errors.New("keyring file is open to others")

	// ErrKeyringChanged: somebody else has written the keyring file since it was opened.
	ErrKeyringChanged = errors.New("keyring file was changed by somebody else")

	// ErrNoMaster: a keyring was made or opened without the master that wraps its keys.
	ErrNoMaster = errors.New("no master for the keyring")

	// ErrKeySize: a master key has not 32 bytes.
	ErrKeySize = errors.New("a key has 32 bytes")
)

// Fault names the first entry of a case that is not what was sealed. It matches [ErrTampered] and its Err, never shows contents, and
// is worth a look by a person: nothing in Charter makes one in the course of its work.
type Fault struct {
	Case string
	Seq  uint64 // the first entry that is bad

	// Last is above Seq when the fault lies somewhere from Seq to Last: entries were rewritten together with all their sums, and the log
	// has only every so many of them.
	Last uint64

	Err error // ErrDamaged, ErrLink, ErrMissing, ErrOrder or ErrRewritten
}

func (f *Fault) Error() string {
	where := "entry " + strconv.FormatUint(f.Seq, 10)
	if f.Last > f.Seq {
		where = "entries " + strconv.FormatUint(f.Seq, 10) + " to " + strconv.FormatUint(f.Last, 10)
	}
	return "seal: case " + quote(f.Case) + ", " + where + ": " + f.Err.Error()
}

// Is makes every fault match [ErrTampered].
func (f *Fault) Is(target error) bool { return target == ErrTampered }

// Unwrap returns what is wrong.
func (f *Fault) Unwrap() error { return f.Err }

func fault(caseID string, seq uint64, err error) *Fault {
	return &Fault{Case: caseID, Seq: seq, Last: seq, Err: err}
}

// EntryError says which entry could not be read or written, and why, when that is not the fault of its bytes.
type EntryError struct {
	Case string
	Seq  uint64
	Err  error
}

func (e *EntryError) Error() string {
	return "seal: case " + quote(e.Case) + ", entry " + strconv.FormatUint(e.Seq, 10) + ": " + e.Err.Error()
}

// Unwrap returns what is wrong.
func (e *EntryError) Unwrap() error { return e.Err }

// refusal is a batch that a sealed journal does not take, although the journal under it would.
type refusal struct {
	*journal.BatchError
	reason error // may be nil
}

func (r *refusal) Unwrap() []error {
	if r.reason == nil {
		return []error{r.BatchError}
	}
	return []error{r.BatchError, r.reason}
}

func refuse(caseID string, seq uint64, reason error) error {
	problem := fmt.Sprintf("entry %d: %v", seq, reason)
	return &refusal{&journal.BatchError{Case: caseID, Problem: problem}, reason}
}

// quote keeps a malicious id from filling or forging a line of a log.
func quote(id string) string {
	if len(id) > journal.MaxID {
		return fmt.Sprintf("%+q…", id[:journal.MaxID])
	}
	return fmt.Sprintf("%q", id)
}
