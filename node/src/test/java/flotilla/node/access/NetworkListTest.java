package flotilla.node.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NetworkListTest {
    private static final Set<String> FTP = Set.of("vsftpd", "proftpd");

    private static NetworkList deny(String... lines) {
        return NetworkList.of(String.join("\n", lines), true, FTP);
    }

    @Test
    @DisplayName("networks in all notations become blocks, in order and without overlaps")
    void notations() {
        assertEquals(
                List.of("10.0.0.0/8", "192.0.2.7/32", "192.168.0.0/16", "2001:db8:0:0:0:0:0:0/32"),
                deny(
                                "vsftpd: 192.168. 192.168.3.",
                                "proftpd : 10.0.0.0/255.0.0.0",
                                "ALL: 192.0.2.7, [2001:db8::]/32",
                                "sshd: 203.0.113.0/24")
                        .networks());
        assertEquals(List.of("0.0.0.0/0", "0:0:0:0:0:0:0:0/0"), deny("ALL: ALL").networks());
    }

    @Test
    @DisplayName("EXCEPT leaves holes, cut into the fewest blocks")
    void holes() {
        assertEquals(
                List.of(
                        "192.0.2.0/26",
                        "192.0.2.64/30",
                        "192.0.2.69/32",
                        "192.0.2.70/31",
                        "192.0.2.72/29",
                        "192.0.2.80/28",
                        "192.0.2.96/27",
                        "192.0.2.128/25"),
                deny("vsftpd: 192.0.2.0/24 EXCEPT 192.0.2.68").networks());
        assertEquals(List.of(), deny("ALL EXCEPT vsftpd: ALL").networks());
    }

    @Test
    @DisplayName("lines that need names or commands are told with their numbers, and whether more clients get in")
    void notes() {
        List<NetworkList.Note> notes = deny(
                        "# a comment",
                        "vsftpd: .example.com",
                        "vsftpd: 192.0.2.0/24: spawn (/bin/mail root)",
                        "proftpd: @netgroup",
                        "smtp: .example.com")
                .notes();
        assertEquals(
                List.of(2, 3, 4), notes.stream().map(NetworkList.Note::line).toList());
        assertEquals(
                Set.of(true),
                Set.copyOf(notes.stream().map(NetworkList.Note::unsafe).toList()));
        NetworkList allow = NetworkList.of("vsftpd: .example.com\nvsftpd: 10.: deny\nALL: 10.1.", false, FTP);
        assertEquals(
                List.of(false, true),
                allow.notes().stream().map(NetworkList.Note::unsafe).toList());
        assertEquals(List.of("10.1.0.0/16"), allow.networks());
    }
}
