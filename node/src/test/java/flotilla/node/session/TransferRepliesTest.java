package flotilla.node.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferResult;
import flotilla.node.transfer.TransferResult.Ending;
import flotilla.storage.StorageException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransferRepliesTest {
    private static final Transfer UPLOAD =
            new Transfer.Receive("/f", Transfer.Placement.REPLACE, 0, false, 0, "lock", true);

    private static int code(String reason, Ending ending) {
        return TransferReplies.of(new TransferResult(1, ending, 0, 0, true, "", "node-1", reason), UPLOAD)
                .code();
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"CHANGED", "IO"},
            mode = EnumSource.Mode.EXCLUDE)
    void aTransferThatTheStorageRefusesIsAnsweredAsACommandThatItRefuses(Reason reason) {
        assertEquals(StorageReplies.of(reason).code(), code(reason.name(), Ending.of(reason)));
    }

    @Test
    void anInvalidNameThatShowsWithTheLastByteIs553() {
        assertEquals(553, code("INVALID_NAME", Ending.of(Reason.INVALID_NAME)));
    }

    @Test
    void aCompressedStreamThatIsNotGoodHasItsReply() {
        assertEquals(426, code("", Ending.CUT));
        assertEquals(451, code("", Ending.DAMAGED));
        assertEquals(552, code("", Ending.BOMB));
    }

    @Test
    void aReasonThatIsNotKnownHereIsToldByTheEnding() {
        assertEquals(452, code("OF_A_NEWER_NODE", Ending.NO_SPACE));
        assertEquals(451, code("", Ending.FAILED));
    }

    @Test
    void anInfectedUploadIsAnsweredWithWhatWasFound() {
        TransferResult found =
                new TransferResult(1, Ending.INFECTED, 5, 0, true, "Eicar-Signature", "node-1", Reason.INFECTED.name());
        assertEquals(
                "550 Infected: Eicar-Signature. The file is not stored.",
                TransferReplies.of(found, UPLOAD).code() + " "
                        + TransferReplies.of(found, UPLOAD).text());
        assertEquals(550, code("OF_A_NEWER_NODE", Ending.INFECTED));
        assertEquals(451, code("OF_A_NEWER_NODE", Ending.NOT_SCANNED));
    }
}
