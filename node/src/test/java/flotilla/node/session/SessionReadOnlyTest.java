package flotilla.node.session;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions while the operator has made the server read-only. */
class SessionReadOnlyTest {
    private final SessionRig rig = new SessionRig();

    @AfterEach
    void nothingIsLeft() {
        rig.close();
    }

    @Test
    void everyChangeIsRefusedWithTheReasonUntilTheStopIsLifted() {
        rig.loggedIn();
        rig.backends.store("home", "/f", "hello");
        rig.cluster.writeStop().stop("new disks until 18:00");
        for (String line : new String[] {
            "STOR x",
            "APPE f",
            "STOU",
            "DELE f",
            "MKD d",
            "RMD d",
            "MFMT 20200101000000 f",
            "MDTM 20200101000000 f",
            "SITE CHMOD 600 f",
            "SITE UTIME 202001010000 f"
        }) {
            rig.expect("550 The server is read-only: new disks until 18:00", line);
        }
        rig.expect("350 Send RNTO.", "RNFR f");
        rig.expect("550 The server is read-only: new disks until 18:00", "RNTO g");
        rig.expect("213 5", "SIZE f");
        rig.expect("250 Directory changed.", "CWD /");
        rig.cluster.writeStop().stop("");
        rig.expect("550 The server is read-only.", "MKD d");
        rig.cluster.writeStop().lift();
        rig.expect("257 \"/d\" created.", "MKD d");
        rig.expect("503 Send RNFR first.", "RNTO g");
    }
}
