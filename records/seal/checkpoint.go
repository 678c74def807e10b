package seal

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is the state of a [Log] at one instant: everything in it, by one hash. Signed it is a note of three lines, as
// transparency logs use them (C2SP, tlog-checkpoint and signed-note):
//
//	example.com/helpdesk
//	412
//	CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//
//	— example.com/helpdesk Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
type Checkpoint struct {
	Origin string    // the log
	Size   int64     // how many heads and destroyed keys it holds
	Root   tlog.Hash // of the Merkle tree over them (RFC 6962)
}

// maxCheckpoint is more than a checkpoint with a hundred signatures has.
const maxCheckpoint = 64 << 10

// text is what is signed.
func (c *Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
}

// ReadCheckpoint reads a signed checkpoint. At least one of the verifiers must find its signature on it, and no signature may be a
// forged one of theirs; signatures of others do not matter. The error matches [ErrCheckpoint] or [ErrSignature].
func ReadCheckpoint(signed []byte, trusted ...note.Verifier) (Checkpoint, error) {
	if len(signed) > maxCheckpoint {
		return Checkpoint{}, fmt.Errorf("seal: %w: %d bytes", ErrCheckpoint, len(signed))
	}
	n, err := note.Open(signed, note.VerifierList(trusted...))
	var unverified *note.UnverifiedNoteError
	var forged *note.InvalidSignatureError
	switch {
	case errors.As(err, &unverified), errors.As(err, &forged):
		return Checkpoint{}, fmt.Errorf("seal: %w", ErrSignature)
	case err != nil:
		return Checkpoint{}, fmt.Errorf("seal: %w: not a signed note", ErrCheckpoint)
	}
	for _, s := range slices.Concat(n.Sigs, n.UnverifiedSigs) {
		// Package note takes any spare bits at the end of the last character.
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil {
			return Checkpoint{}, fmt.Errorf("seal: %w: a signature is not in canonical base64", ErrCheckpoint)
		}
	}
	return parseCheckpoint(n.Text)
}

// parseCheckpoint takes exactly what text writes.
func parseCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return c, fmt.Errorf("seal: %w: not three lines", ErrCheckpoint)
	}
	c.Origin = lines[0]
	if !goodOrigin(c.Origin) {
		return Checkpoint{}, fmt.Errorf("seal: %w: line 1 is not an origin", ErrCheckpoint)
	}
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 || strconv.FormatInt(c.Size, 10) != lines[1] {
		return Checkpoint{}, fmt.Errorf("seal: %w: line 2 is not a size", ErrCheckpoint)
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return Checkpoint{}, fmt.Errorf("seal: %w: line 3 is not a hash", ErrCheckpoint)
	}
	c.Root = tlog.Hash(root)
	return c, nil
}

// goodOrigin is what can stand in a line of a note and be the id of a case of a journal.
func goodOrigin(s string) bool {
	if s == "" || len(s) > 200 || !utf8.ValidString(s) {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == '+' }) < 0
}

// sign gives the checkpoint as a signed note.
func (c *Checkpoint) sign(signer note.Signer) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: c.text()}, signer)
	if err != nil {
		return nil, fmt.Errorf("seal: signing a checkpoint: %w", err)
	}
	return signed, nil
}
