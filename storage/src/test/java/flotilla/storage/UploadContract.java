package flotilla.storage;

import static flotilla.storage.StorageActions.put;
import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.storage.ByteSink.Remains;
import flotilla.storage.StorageException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The contract of every backend with atomic uploads, and with parts if it can resume. */
public abstract class UploadContract extends StorageContract {
    @Test
    @Needs(Capability.APPEND)
    void nothingOfAnUploadIsVisibleBeforeCommit() throws Exception {
        files.store("/old", "old");
        for (WriteMode mode : List.of(WriteMode.REPLACE, WriteMode.CREATE_NEW, WriteMode.APPEND)) {
            try (ByteSink sink = files.open("/new", mode)) {
                put(sink, "x");
                refused(Reason.NOT_FOUND, () -> files.stat("/new"));
                assertEquals(List.of("old"), files.names("/"));
            }
        }
        try (ByteSink sink = files.open("/old", WriteMode.REPLACE)) {
            put(sink, "much longer");
            assertEquals("old", files.load("/old"));
            assertEquals(3, files.stat("/old").size());
            assertEquals(11, sink.commit());
        }
        assertEquals("much longer", files.load("/old"));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void anUploadClosedWithoutCommitLeavesNothing() throws Exception {
        files.store("/f", "old");
        files.fail("/f", "new", WriteMode.APPEND, Remains.DISCARD);
        files.fail("/g", "new", WriteMode.REPLACE, Remains.DISCARD);
        try (ByteSink sink = files.open("/g", WriteMode.REPLACE)) {
            put(sink, "new");
        }
        assertEquals("old", files.load("/f"));
        assertEquals(List.of("f"), files.names("/"));
        assertEquals(-1, files.partSize("/g"));
        assertEquals(0, files.storage().sweepParts(Duration.ZERO));
    }

    @Test
    @Needs(Capability.RESUME)
    void anAbortAfterCommitChangesNothingAndASecondCommitIsRefused() throws Exception {
        try (ByteSink sink = files.open("/f", WriteMode.REPLACE)) {
            put(sink, "kept");
            sink.commit();
            sink.abort(Remains.DISCARD);
            sink.abort(Remains.KEEP);
            refused(Reason.IO, sink::commit);
            refused(Reason.IO, () -> put(sink, "more"));
        }
        assertEquals("kept", files.load("/f"));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void noUploadContinuesACopy() throws Exception {
        try (ByteSink copy = files.open("/f", WriteMode.COPY)) {
            put(copy, "source");
            assertEquals(-1, files.partSize("/f"));
            copy.abort(Remains.KEEP);
        }
        assertEquals(-1, files.partSize("/f"));
        refused(Reason.OFFSET_OUT_OF_RANGE, () -> files.open("/f", WriteMode.resumeAt(1)));
        files.store("/f", "own", WriteMode.APPEND);
        files.fail("/f", "source", WriteMode.COPY, Remains.KEEP);
        assertEquals("own", files.load("/f"));
        files.store("/f", "!", WriteMode.resumeAt(3));
        assertEquals("own!", files.load("/f"));
        files.store("/f", "source", WriteMode.COPY);
        assertEquals("source", files.load("/f"));
        refused(Reason.ALREADY_EXISTS, () -> files.open("/f", WriteMode.COPY.createNew()));
    }

    @Test
    void aNewFileNeedsAFreeName() throws Exception {
        files.store("/f", "there");
        refused(Reason.ALREADY_EXISTS, () -> files.store("/f", "new", WriteMode.CREATE_NEW));
        files.mkdir("/d");
        refused(Reason.ALREADY_EXISTS, () -> files.store("/d", "new", WriteMode.CREATE_NEW));
        files.store("/g", "new", WriteMode.CREATE_NEW);
        assertEquals("new", files.load("/g"));
    }

    @Test
    void aNewFileReservesItsNameUntilItEnds() throws Exception {
        try (ByteSink sink = files.open("/f", WriteMode.CREATE_NEW)) {
            refused(Reason.ALREADY_EXISTS, () -> files.open("/f", WriteMode.CREATE_NEW));
            sink.abort(Remains.DISCARD);
        }
        files.store("/f", "second", WriteMode.CREATE_NEW);
    }

    @Test
    @Needs(Capability.RESUME)
    void aNewFileDoesNotReplaceWhatCameMeanwhile() throws Exception {
        files.store("/early", "early");
        try (ByteSink sink = files.open("/f", WriteMode.CREATE_NEW)) {
            put(sink, "late");
            files.rename("/early", "/f", false);
            refused(Reason.ALREADY_EXISTS, sink::commit);
        }
        assertEquals("early", files.load("/f"));
        assertEquals(-1, files.partSize("/f"));
        assertEquals(0, files.storage().sweepParts(Duration.ZERO));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void aKeptPartIsToldAndAppendedTo() throws Exception {
        files.fail("/f", "abc", WriteMode.REPLACE, Remains.KEEP);
        refused(Reason.NOT_FOUND, () -> files.stat("/f"));
        assertEquals(List.of(), files.names("/"));
        assertEquals(3, files.partSize("/f"));
        assertEquals(-1, files.partSize("/g"));
        try (ByteSink sink = files.open("/f", WriteMode.APPEND)) {
            assertEquals(3, sink.start());
            put(sink, "def");
            sink.commit();
        }
        assertEquals("abcdef", files.load("/f"));
        assertEquals(-1, files.partSize("/f"));
    }

    @Test
    @Needs(Capability.RESUME)
    void aKeptPartIsResumedAtAnOffsetWithinIt() throws Exception {
        files.fail("/f", "abcxx", WriteMode.REPLACE, Remains.KEEP);
        refused(Reason.PART_TOO_SHORT, () -> files.open("/f", WriteMode.resumeAt(6)));
        refused(Reason.PART_TOO_SHORT, () -> files.open("/f", WriteMode.resumeAt(-1)));
        try (ByteSink sink = files.open("/f", WriteMode.resumeAt(3))) {
            assertEquals(3, sink.start());
            put(sink, "d");
            sink.abort(Remains.KEEP);
        }
        assertEquals(4, files.partSize("/f"));
        files.store("/f", "e", WriteMode.resumeAt(4));
        assertEquals("abcde", files.load("/f"));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void aPartIsContinuedByOneUploadOnly() throws Exception {
        files.fail("/f", "abc", WriteMode.REPLACE, Remains.KEEP);
        try (ByteSink first = files.open("/f", WriteMode.APPEND)) {
            assertEquals(3, first.start());
            for (WriteMode second : List.of(WriteMode.APPEND, WriteMode.resumeAt(1), WriteMode.REPLACE)) {
                refused(Reason.BUSY, () -> files.open("/f", second));
            }
            put(first, "d");
            first.commit();
        }
        assertEquals("abcd", files.load("/f"));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void aFileWinsOverAPartAndEndsIt() throws Exception {
        files.fail("/f", "part", WriteMode.REPLACE, Remains.KEEP);
        files.store("/f", "whole");
        assertEquals(-1, files.partSize("/f"));
        files.delete("/f");
        assertEquals(-1, files.partSize("/f"));
        files.fail("/f", "part", WriteMode.REPLACE, Remains.KEEP);
        files.store("/g", "moved");
        files.rename("/g", "/f", false);
        files.store("/f", "+", WriteMode.APPEND);
        assertEquals("moved+", files.load("/f"));
        files.delete("/f");
        assertEquals(-1, files.partSize("/f"));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void aResumedReplacementGoesOnInItsPartHoweverLongTheOldFileIs() throws Exception {
        for (String old : List.of("O", "OOOO", "OOOOOOOOO")) {
            files.store("/f", old);
            files.fail("/f", "abcd", WriteMode.REPLACE, Remains.KEEP);
            assertEquals(old.length(), files.stat("/f").size());
            assertEquals(old, files.load("/f"));
            assertEquals(-1, files.partSize("/f"));
            refused(Reason.PART_TOO_SHORT, () -> files.open("/f", WriteMode.resumeAt(5)));
            refused(Reason.UNFINISHED, () -> files.open("/f", WriteMode.APPEND));
            files.fail("/f", "xx", WriteMode.resumeAt(1), Remains.KEEP);
            refused(Reason.PART_TOO_SHORT, () -> files.open("/f", WriteMode.resumeAt(4)));
            assertEquals(3, files.store("/f", "B", WriteMode.resumeAt(2)).size());
            assertEquals("axB", files.load("/f"));
            assertEquals(4, files.store("/f", "!", WriteMode.APPEND).size());
        }
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void aBrokenReplacementWithoutBytesIsNotTakenForTheOldFile() throws Exception {
        files.store("/f", "old");
        files.fail("/f", "broken", WriteMode.REPLACE, Remains.DISCARD);
        refused(Reason.PART_TOO_SHORT, () -> files.open("/f", WriteMode.resumeAt(3)));
        refused(Reason.UNFINISHED, () -> files.open("/f", WriteMode.APPEND));
        assertEquals("old", files.load("/f"));
        files.store("/f", "new");
        files.store("/f", "+", WriteMode.APPEND);
        assertEquals("new+", files.load("/f"));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void aReplacementThatBreaksBeforeItsFirstByteIsNotTakenForTheOldFile() throws Exception {
        files.storage().beginReplacing(StorageActions.path("/new"));
        assertEquals(-1, files.partSize("/new"));
        files.store("/f", "old");
        files.storage().beginReplacing(StorageActions.path("/f"));
        refused(Reason.PART_TOO_SHORT, () -> files.open("/f", WriteMode.resumeAt(3)));
        refused(Reason.UNFINISHED, () -> files.open("/f", WriteMode.APPEND));
        assertEquals("old", files.load("/f"));
        files.fail("/f", "abc", WriteMode.REPLACE, Remains.KEEP);
        files.storage().beginReplacing(StorageActions.path("/f"));
        refused(Reason.PART_TOO_SHORT, () -> files.open("/f", WriteMode.resumeAt(1)));
        files.fail("/g", "abc", WriteMode.REPLACE, Remains.KEEP);
        files.storage().beginReplacing(StorageActions.path("/g"));
        assertEquals(0, files.partSize("/g"));
        files.store("/g", "def");
        assertEquals("def", files.load("/g"));
    }

    @Test
    @Needs(Capability.RESUME)
    void aBrokenResumeOfAFileIsResumedToo() throws Exception {
        files.store("/f", "abcdef");
        files.fail("/f", "XY", WriteMode.resumeAt(2), Remains.KEEP);
        assertEquals("abcdef", files.load("/f"));
        files.store("/f", "Z", WriteMode.resumeAt(4));
        assertEquals("abXYZ", files.load("/f"));
    }

    @Test
    @Needs(Capability.RESUME)
    void storingAnewDropsThePartAlsoWhenThatBreaks() throws Exception {
        files.fail("/f", "abcd", WriteMode.REPLACE, Remains.KEEP);
        files.fail("/f", "xy", WriteMode.REPLACE, Remains.KEEP);
        assertEquals(2, files.partSize("/f"));
        files.fail("/f", "z", WriteMode.REPLACE, Remains.DISCARD);
        assertEquals(-1, files.partSize("/f"));
        refused(Reason.OFFSET_OUT_OF_RANGE, () -> files.open("/f", WriteMode.resumeAt(1)));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void aPartIsRemovedLikeAFile() throws Exception {
        files.fail("/f", "abcd", WriteMode.REPLACE, Remains.KEEP);
        refused(Reason.NOT_FOUND, () -> files.rename("/f", "/g", true));
        assertEquals(Optional.empty(), files.storage().delete(StorageActions.path("/f")));
        assertEquals(-1, files.partSize("/f"));
        refused(Reason.NOT_FOUND, () -> files.delete("/f"));
        files.store("/f", "old");
        files.fail("/f", "abcd", WriteMode.REPLACE, Remains.KEEP);
        assertEquals(Optional.of(3L), files.storage().delete(StorageActions.path("/f")));
        assertEquals(-1, files.partSize("/f"));
        files.store("/f", "line", WriteMode.APPEND);
        assertEquals("line", files.load("/f"));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME, Capability.ATOMIC_RENAME})
    void aPartMovesWithItsDirectory() throws Exception {
        files.mkdir("/d");
        files.fail("/d/f", "abc", WriteMode.REPLACE, Remains.KEEP);
        files.rename("/d", "/e", false);
        assertEquals(3, files.partSize("/e/f"));
        files.mkdir("/d");
        assertEquals(-1, files.partSize("/d/f"));
        files.store("/e/f", "d", WriteMode.resumeAt(3));
        assertEquals("abcd", files.load("/e/f"));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void aPartGoesWithItsDirectory() throws Exception {
        files.mkdir("/d");
        files.fail("/d/f", "abc", WriteMode.REPLACE, Remains.KEEP);
        files.rename("/d", "/e", false);
        files.mkdir("/d");
        assertEquals(-1, files.partSize("/d/f"));
        files.fail("/d/f", "abc", WriteMode.REPLACE, Remains.KEEP);
        files.rmdir("/d");
        files.mkdir("/d");
        assertEquals(-1, files.partSize("/d/f"));
        files.store("/d/f", "x", WriteMode.APPEND);
        assertEquals("x", files.load("/d/f"));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void anUploadThatNobodyResumesLeavesNothing() throws Exception {
        files.fail("/f", "half", WriteMode.REPLACE, Remains.NOTHING);
        assertEquals(-1, files.partSize("/f"));
        refused(Reason.NOT_FOUND, () -> files.stat("/f"));
        files.store("/f", "old");
        files.fail("/f", "half", WriteMode.REPLACE, Remains.NOTHING);
        assertEquals("old", files.load("/f"));
        files.store("/f", " file", WriteMode.APPEND);
        assertEquals("old file", files.load("/f"), "no broken upload is in the way");
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void aBrokenAppendLeavesNothing() throws Exception {
        for (Remains remains : Remains.values()) {
            files.fail("/f", "half a li", WriteMode.APPEND, remains);
            assertEquals(-1, files.partSize("/f"));
            refused(Reason.NOT_FOUND, () -> files.stat("/f"));
        }
        files.store("/f", "a line", WriteMode.APPEND);
        assertEquals("a line", files.load("/f"));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void anAppendThatResumesAnUploadKeepsWhatCame() throws Exception {
        files.fail("/f", "abc", WriteMode.REPLACE, Remains.KEEP);
        files.fail("/f", "def", WriteMode.APPEND, Remains.KEEP);
        assertEquals(6, files.partSize("/f"));
        files.fail("/f", "xyz", WriteMode.APPEND, Remains.DISCARD);
        assertEquals(6, files.partSize("/f"));
        files.store("/f", "g", WriteMode.APPEND);
        assertEquals("abcdefg", files.load("/f"));
    }

    @Test
    @Needs(Capability.APPEND)
    void anAppendToAFileThatIsNoLongerThereIsNotCommitted() throws Exception {
        files.store("/f", "old");
        files.store("/other", "other");
        try (ByteSink sink = files.open("/f", WriteMode.APPEND)) {
            put(sink, "line");
            files.rename("/other", "/f", true);
            refused(Reason.CHANGED, sink::commit);
        }
        assertEquals("other", files.load("/f"));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void aCommitTellsWhatItReplaced() throws Exception {
        try (ByteSink sink = files.open("/f", WriteMode.REPLACE)) {
            put(sink, "abc");
            sink.commit();
            assertEquals(OptionalLong.empty(), sink.replaced());
        }
        for (WriteMode mode : List.of(WriteMode.REPLACE, WriteMode.resumeAt(1), WriteMode.APPEND)) {
            long before = files.stat("/f").size();
            try (ByteSink sink = files.open("/f", mode)) {
                put(sink, "de");
                sink.commit();
                assertEquals(OptionalLong.of(before), sink.replaced(), mode.toString());
            }
        }
        files.store("/g", "12345");
        assertEquals(
                Optional.of(5L),
                files.storage()
                        .rename(
                                StorageActions.path("/f"),
                                files.stat("/f").identity(),
                                StorageActions.path("/g"),
                                true));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void whereAnUploadBeginsIsToldBefore() throws Exception {
        files.store("/f", "abc");
        assertEquals(
                new UploadStart(UploadStart.Base.FILE, 3),
                check("/f", WriteMode.APPEND).start());
        assertEquals(Optional.of(3L), check("/f", WriteMode.REPLACE).existing().map(Entry::size));
        files.fail("/f", "xy", WriteMode.REPLACE, Remains.KEEP);
        assertEquals(
                new UploadStart(UploadStart.Base.PART, 1),
                check("/f", WriteMode.resumeAt(1)).start());
        refused(Reason.UNFINISHED, () -> check("/f", WriteMode.APPEND));
        refused(Reason.NOT_FOUND, () -> check("/no/f", WriteMode.REPLACE));
        files.mkdir("/d");
        refused(Reason.IS_A_DIRECTORY, () -> check("/d", WriteMode.REPLACE));
        assertEquals(check("/d/f", WriteMode.REPLACE).lockName(), lockName("/d/f"));
        assertEquals(lockName("/d") + "/f", lockName("/d/f"));
    }

    private UploadCheck check(String file, WriteMode mode) throws StorageException {
        return files.storage().checkWrite(StorageActions.path(file), mode);
    }

    private String lockName(String path) throws StorageException {
        return files.storage().lockName(StorageActions.path(path));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void anAppendGoesAfterTheLastByteAndIsCutBackWhenItFails() throws Exception {
        String identity = files.store("/f", "abc").identity();
        String appended = files.store("/f", "def", WriteMode.APPEND).identity();
        boolean stable = files.storage().capabilities().contains(Capability.STABLE_IDENTITY);
        assertEquals(stable, identity.equals(appended));
        assertEquals("abcdef", files.load("/f"));
        for (Remains remains : Remains.values()) {
            files.fail("/f", "broken", WriteMode.APPEND, remains);
            assertEquals("abcdef", files.load("/f"));
            files.fail("/f", "broken", WriteMode.resumeAt(6), remains);
            assertEquals("abcdef", files.load("/f"));
        }
        assertEquals(7, files.store("/f", "g", WriteMode.resumeAt(6)).size());
    }

    @Test
    @Needs(Capability.RESUME)
    void aResumeWithinAFileLeavesItUntouchedUntilCommit() throws Exception {
        files.store("/f", "abcdef");
        for (Remains remains : Remains.values()) {
            files.fail("/f", "xx", WriteMode.resumeAt(2), remains);
            assertEquals("abcdef", files.load("/f"));
            files.store("/f", "abcdef");
        }
        try (ByteSink sink = files.open("/f", WriteMode.resumeAt(2))) {
            assertEquals(2, sink.start());
            put(sink, "C");
            assertEquals("abcdef", files.load("/f"));
            assertEquals(3, sink.commit());
        }
        assertEquals("abC", files.load("/f"));
        refused(Reason.OFFSET_OUT_OF_RANGE, () -> files.open("/f", WriteMode.resumeAt(4)));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void aResumeOrAppendOfNothingBeginsAFile() throws Exception {
        files.store("/f", "abc", WriteMode.resumeAt(0));
        assertEquals("abc", files.load("/f"));
        files.store("/g", "abc", WriteMode.APPEND);
        assertEquals("abc", files.load("/g"));
        refused(Reason.OFFSET_OUT_OF_RANGE, () -> files.open("/h", WriteMode.resumeAt(1)));
    }

    @Test
    @Needs(Capability.RESUME)
    void aCommitThatFailsKeepsThePart() throws Exception {
        files.mkdir("/d");
        try (ByteSink sink = files.open("/d/f", WriteMode.REPLACE)) {
            put(sink, "abc");
            files.mkdir("/d/f");
            refused(Reason.IS_A_DIRECTORY, sink::commit);
            files.rmdir("/d/f");
        }
        assertEquals(3, files.partSize("/d/f"));
        try (ByteSink sink = files.open("/d/g", WriteMode.REPLACE)) {
            files.rmdir("/d");
            put(sink, "abcd");
            refused(Reason.NOT_FOUND, sink::commit);
        }
        files.mkdir("/d");
        assertEquals(-1, files.partSize("/d/g"));
    }

    @Test
    @Needs(Capability.RESUME)
    void partsAreSweptByAgeButNotUploadsThatRun() throws Exception {
        files.fail("/a", "x", WriteMode.REPLACE, Remains.KEEP);
        files.fail("/b", "x", WriteMode.REPLACE, Remains.KEEP);
        try (ByteSink sink = files.open("/c", WriteMode.REPLACE)) {
            put(sink, "runs");
            assertEquals(0, files.storage().sweepParts(Duration.ofHours(1)));
            assertEquals(1, files.partSize("/a"));
            assertEquals(2, files.storage().sweepParts(Duration.ZERO));
            assertEquals(-1, files.partSize("/a"));
            sink.commit();
        }
        assertEquals("runs", files.load("/c"));
    }

    /** Returns whether this store can read uploads back. */
    protected boolean isReviewed() {
        return true;
    }

    private static String reviewed(ByteSink sink) throws StorageException {
        try (ByteSource whole = sink.review()) {
            String text = StorageActions.rest(whole);
            assertEquals(text.length(), whole.size());
            return text;
        }
    }

    @Test
    void anUploadIsReadBackBeforeItIsVisible() throws Exception {
        assumeTrue(isReviewed());
        files.store("/f", "old");
        for (String name : List.of("/f", "/new")) {
            try (ByteSink sink = files.open(name, WriteMode.REPLACE)) {
                put(sink, "one");
                put(sink, ", two");
                assertEquals("one, two", reviewed(sink));
                assertEquals("one, two", reviewed(sink));
                assertEquals("old", files.load("/f"));
                assertEquals(List.of("f"), files.names("/"));
                refused(Reason.IO, () -> put(sink, "late"));
                sink.abort(Remains.DISCARD);
                refused(Reason.IO, sink::review);
            }
        }
        assertEquals("old", files.load("/f"));
        try (ByteSink sink = files.open("/f", WriteMode.REPLACE)) {
            assertEquals("", reviewed(sink));
            sink.commit();
        }
        assertEquals("", files.load("/f"));
        assertEquals(List.of("f"), files.names("/"));
    }

    /** A client that finds the size of its whole file takes the file for stored (lftp). */
    @Test
    @Needs(Capability.RESUME)
    void aWholeUploadThatIsReadBackDoesNotShowItsSize() throws Exception {
        assumeTrue(isReviewed());
        try (ByteSink sink = files.open("/f", WriteMode.REPLACE)) {
            put(sink, "abcdef");
            assertEquals("abcdef", reviewed(sink));
            assertTrue(files.partSize("/f") < 6, "it shows " + files.partSize("/f"));
            sink.abort(Remains.KEEP);
        }
        assertEquals(6, files.partSize("/f"));
        try (ByteSink sink = files.open("/f", WriteMode.resumeAt(6))) {
            assertEquals("abcdef", reviewed(sink));
            assertTrue(files.partSize("/f") < 6, "it shows " + files.partSize("/f"));
            sink.commit();
        }
        assertEquals("abcdef", files.load("/f"));
        assertEquals(-1, files.partSize("/f"));
    }

    @Test
    @Needs(Capability.RESUME)
    void aResumedUploadIsReadBackWhole() throws Exception {
        assumeTrue(isReviewed());
        files.fail("/f", "abcdef", WriteMode.REPLACE, Remains.KEEP);
        try (ByteSink sink = files.open("/f", WriteMode.resumeAt(3))) {
            put(sink, "DEF!");
            assertEquals("abcDEF!", reviewed(sink));
            assertEquals(7, sink.commit());
        }
        assertEquals("abcDEF!", files.load("/f"));
        try (ByteSink sink = files.open("/f", WriteMode.resumeAt(2))) {
            put(sink, "x");
            assertEquals("abx", reviewed(sink));
            assertEquals("abcDEF!", files.load("/f"));
            sink.abort(Remains.NOTHING);
        }
        assertEquals("abcDEF!", files.load("/f"));
    }

    @Test
    @Needs({Capability.APPEND, Capability.RESUME})
    void aRefusedUploadLeavesNothingOfItsPart() throws Exception {
        assumeTrue(isReviewed());
        files.fail("/f", "abc", WriteMode.REPLACE, Remains.KEEP);
        try (ByteSink sink = files.open("/f", WriteMode.APPEND)) {
            put(sink, "def");
            assertEquals("abcdef", reviewed(sink));
            sink.abort(Remains.NOTHING);
        }
        assertEquals(-1, files.partSize("/f"));
        assertEquals(0, files.storage().sweepParts(Duration.ZERO));
    }

    @Test
    @Needs(Capability.APPEND)
    void anAppendIsReadBackWithTheFileBeforeIt() throws Exception {
        assumeTrue(isReviewed());
        files.store("/f", "old");
        try (ByteSink sink = files.open("/f", WriteMode.APPEND)) {
            put(sink, "+new");
            assertEquals("old+new", reviewed(sink));
            sink.abort(Remains.DISCARD);
        }
        assertEquals("old", files.load("/f"));
        try (ByteSink sink = files.open("/f", WriteMode.APPEND)) {
            put(sink, "+new");
            assertEquals("old+new", reviewed(sink));
            sink.commit();
        }
        assertEquals("old+new", files.load("/f"));
    }
}
