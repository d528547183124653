package flotilla.node.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.User.TlsRequirement;
import flotilla.node.fixture.MemoryBackends;
import flotilla.node.fixture.Trees;
import flotilla.node.fixture.Users;
import flotilla.node.state.Endpoint;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.Transfer.Format;
import flotilla.node.transfer.Transfer.Order;
import flotilla.node.transfer.Transfer.Placement;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands for transfers and their parameters (RFC 959, sections 4.1.2 and 4.1.3; docs/reference/protocol.md). */
class TransferCommandsTest {
    private final CommandRig rig = CommandRig.loggedIn().withEndpoint();

    private Transfer transfer(String line) {
        return assertInstanceOf(Outcome.Transferring.class, rig.outcome(line)).transfer();
    }

    private Transfer.SendListing listing(String line) {
        return (Transfer.SendListing) transfer(line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TYPE A|200 Type is ASCII.",
                "TYPE a n|200 Type is ASCII.",
                "TYPE I|200 Type is binary.",
                "TYPE i n|200 Type is binary.",
                "TYPE L 8|200 Type is binary.",
                "TYPE L 7|504 Bytes have 8 bits here.",
                "TYPE A T|504 Type not implemented.",
                "TYPE A C|504 Type not implemented.",
                "TYPE E|504 Type not implemented.",
                "TYPE X|501 Unknown type.",
                "TYPE|501 TYPE needs an argument.",
                "STRU F|200 Structure is file.",
                "STRU r|504 Structure not implemented.",
                "STRU P|504 Structure not implemented.",
                "STRU X|501 Unknown structure.",
                "MODE s|200 Mode is stream.",
                "MODE B|504 Mode not implemented.",
                "MODE C|504 Mode not implemented.",
                "MODE Z|504 Mode not implemented.",
                "MODE X|501 Unknown mode.",
                "ALLO 100|202 No storage allocation necessary.",
                "ALLO 100 R 10|202 No storage allocation necessary.",
                "ALLO x|501 ALLO needs a number.",
                "ALLO 100 10|501 ALLO needs a number.",
                "ALLO|501 ALLO needs an argument.",
                "REST 0|350 Restarting at 0. Send STORE or RETRIEVE.",
                "REST 9223372036854775807|350 Restarting at 9223372036854775807. Send STORE or RETRIEVE.",
                "REST 9223372036854775808|501 REST needs an offset.",
                "REST -1|501 REST needs an offset.",
                "REST 1 2|501 REST needs an offset.",
                "REST x|501 REST needs an offset.",
                "PORT 192,0,2,7,195,80|200 Noted.",
                "PORT 192,0,2,8,195,80|501 Only your own address is connected to.",
                "PORT 127,0,0,1,195,80|501 Only your own address is connected to.",
                "PORT 192,0,2,7,0,0|501 Only your own address is connected to.",
                "PORT 192,0,2,7,0,21|504 Not to a privileged port.",
                "PORT 192,0,2,7,3,255|504 Not to a privileged port.",
                "PORT 192,0,2,7,4,0|200 Noted.",
                "PORT x|501 Not an address and port.",
                "EPSV 2|522 Network protocol not supported, use (1)",
                "EPSV 3|522 Network protocol not supported, use (1)",
                "EPSV x|501 Unknown network protocol.",
                "EPSV ALL|200 EPSV ALL ok.",
                "PASV x|501 PASV takes no argument."
            })
    void everyParameterHasItsReply(String line, String reply) {
        assertEquals(reply, rig.run(line));
    }

    @ParameterizedTest
    @CsvSource({
        "EPRT |1|192.0.2.7|50000|, 200 Noted.",
        "EPRT !1!192.0.2.7!50000!, 200 Noted.",
        "EPRT |1|192.0.2.8|50000|, 501 Only your own address is connected to.",
        "EPRT |1|192.0.2.7|80|, 504 Not to a privileged port.",
        "EPRT |2|::1|50000|, '522 Network protocol not supported, use (1)'",
        "EPRT |9|x|50000|, '522 Network protocol not supported, use (1)'",
        "EPRT |1|localhost|50000|, 501 Not an address literal.",
        "EPRT x, 501 Not an address and port."
    })
    void eprtIsPortForBothFamilies(String line, String reply) {
        assertEquals(reply, rig.run(line));
    }

    private String tree(String command) {
        Outcome.Transferring listing =
                assertInstanceOf(Outcome.Transferring.class, rig.withEndpoint().outcome(command));
        return ((Transfer.SendListing) listing.transfer()).tree();
    }

    @Test
    void recursiveListingsAreForThoseWhoAllowThem() {
        assertEquals("", tree("LIST -R"), "the flag is ignored");
        rig.policy = rig.policy.allowing(Policy.OptIn.RECURSIVE_LISTING);
        assertEquals(".", tree("LIST -laR"));
        assertEquals(".", tree("NLST -R"));
        assertEquals("d", tree("LIST -R d/"));
        assertEquals("/", tree("LIST -R /"));
        assertEquals("", tree("LIST d"));
        assertEquals("", tree("LIST -R f"), "a file");
        assertEquals("", tree("LIST -dR d"), "the directory itself");
        assertEquals("", tree("LIST -R *"), "a pattern");
    }

    @Test
    void overIpv6ThereIsEpsvAndEprtOnly() {
        rig.from("2001:db8::7");
        assertEquals("502 Use EPSV with IPv6.", rig.run("PASV"));
        assertEquals(new Outcome.OpenPassive(true), rig.outcome("EPSV"));
        assertEquals(new Outcome.OpenPassive(true), rig.outcome("EPSV 2"));
        assertEquals("522 Network protocol not supported, use (2)", rig.run("EPSV 1"));
        assertEquals("200 Noted.", rig.run("EPRT |2|2001:db8::7|50000|"));
        assertEquals("522 Network protocol not supported, use (2)", rig.run("EPRT |1|192.0.2.7|50000|"));
        assertEquals("501 Only your own address is connected to.", rig.run("PORT 192,0,2,7,195,80"));
    }

    @Test
    void passiveModeNeedsAPort() {
        assertEquals(new Outcome.OpenPassive(false), rig.outcome("PASV"));
        assertEquals(new Outcome.OpenPassive(true), rig.outcome("EPSV"));
        assertEquals(new Outcome.OpenPassive(true), rig.outcome("EPSV 1"));
    }

    @Test
    void afterEpsvAllThereIsNothingElse() {
        rig.run("EPSV ALL");
        assertEquals("503 EPSV ALL is in force.", rig.run("PASV"));
        assertEquals("503 EPSV ALL is in force.", rig.run("PORT 192,0,2,7,195,80"));
        assertEquals("503 EPSV ALL is in force.", rig.run("EPRT |1|192.0.2.7|50000|"));
        assertEquals(new Outcome.OpenPassive(true), rig.outcome("EPSV"));
    }

    @Test
    void activeModeCanBeOff() {
        rig.policy = new Policy(true, false, false, false, false, false, true, Set.of(), 100, 3, false, Set.of());
        assertEquals("502 Active mode is off: use EPSV or PASV.", rig.run("PORT 192,0,2,7,195,80"));
        assertEquals("502 Active mode is off: use EPSV or PASV.", rig.run("EPRT |1|192.0.2.7|50000|"));
    }

    @Test
    void portIsKeptAsTheEndpoint() {
        rig.run("PORT 192,0,2,7,195,80");
        Endpoint.Active active =
                assertInstanceOf(Endpoint.Active.class, rig.state.endpoint().orElseThrow());
        assertEquals(50_000, active.client().getPort());
    }

    @Test
    @DisplayName("A-SEC-38 ten thousand names of STOU are all different and tell nothing of the next one")
    void uniqueNames() {
        Set<String> names = new HashSet<>();
        int[] ones = new int[80];
        for (int i = 0; i < 10_000; i++) {
            String path = transfer("STOU").path();
            assertTrue(path.matches("/upload\\.[0-9a-f]{20}"), path);
            assertTrue(names.add(path), path);
            BigInteger suffix = new BigInteger(path.substring(path.indexOf('.') + 1), 16);
            for (int bit = 0; bit < ones.length; bit++) {
                ones[bit] += suffix.testBit(bit) ? 1 : 0;
            }
        }
        // 300 is six standard deviations; none of the eighty bits may lean to one side.
        for (int count : ones) {
            assertEquals(5_000, count, 300);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RETR f", "STOR f", "APPE f", "STOU", "LIST", "NLST", "MLSD"})
    void aTransferNeedsAnEndpointAndTheProtectionThatIsDemanded(String line) {
        CommandRig bare = CommandRig.loggedIn();
        assertEquals("425 Use EPSV or PASV first.", bare.run(line));
        CommandRig demanded = CommandRig.loggedIn(
                        Users.user().tls(TlsRequirement.CONTROL_AND_DATA).make())
                .withEndpoint()
                .withTls();
        assertEquals("522 Data connections must be protected: send PROT P.", demanded.run(line));
        demanded.run("PBSZ 0");
        demanded.run("PROT P");
        assertTrue(demanded.run(line).startsWith("150 "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RETR f|150 Opening BINARY mode data connection for f (5 bytes).",
                "RETR d|550 Not a file.",
                "RETR f/|550 Not a file.",
                "RETR nowhere|!NOT_FOUND",
                "STOR new|150 Opening BINARY mode data connection for new.",
                "STOR d|!IS_A_DIRECTORY",
                "STOR nowhere/x|!NOT_FOUND",
                "STOR f/x|!NOT_A_DIRECTORY",
                "STOR x/|553 A file name cannot end with a slash.",
                "STOR ..|553 Not a file name.",
                "APPE f|150 Opening BINARY mode data connection for f.",
                "APPE d|!IS_A_DIRECTORY",
                "STOU nowhere/x|!NOT_FOUND",
                "LIST|150 Opening data connection for the listing.",
                "LIST nowhere|!NOT_FOUND",
                "LIST *.x|550 No files found.",
                "LIST *a*b*c*d*|501 Too many wildcards.",
                "NLST *.x|550 No files found.",
                "MLSD d|150 Opening data connection for the listing.",
                "MLSD f|501 Not a directory.",
                "MLSD *|!NOT_FOUND",
                "MLSD nowhere|!NOT_FOUND"
            })
    void everyTransferHasItsFirstReply(String line, String reply) {
        assertEquals(reply, rig.run(line));
    }

    @Test
    void anOffsetIsUsedOrRefused() {
        rig.run("REST 2");
        assertEquals(Trees.send(rig.storage, "/f", 2, false), transfer("RETR f"));
        assertEquals("150 Opening BINARY mode data connection for f.", rig.run("RETR f"));
        assertEquals(Trees.receive(rig.storage, "/f", Placement.RESUME, 2, false), transfer("STOR f"));
        assertEquals("503 APPE does not take an offset.", rig.run("APPE f"));
        assertEquals("503 STOU does not take an offset.", rig.run("STOU"));
        rig.run("REST 5");
        assertEquals(Trees.send(rig.storage, "/f", 5, false), transfer("RETR f"));
        rig.run("REST 6");
        assertEquals("554 The file ends before that offset.", rig.run("RETR f"));
        assertEquals("!OFFSET_OUT_OF_RANGE", rig.run("STOR f"));
        assertEquals("!OFFSET_OUT_OF_RANGE", rig.run("STOR new"));
    }

    @Test
    void inAsciiThereAreNoOffsetsAndNoSizes() {
        rig.run("TYPE A");
        assertEquals("150 Opening ASCII mode data connection for f.", rig.run("RETR f"));
        assertEquals(Trees.send(rig.storage, "/f", 0, true), transfer("RETR f"));
        rig.run("REST 2");
        assertEquals("554 REST in ASCII mode not supported.", rig.run("RETR f"));
        assertEquals("554 REST in ASCII mode not supported.", rig.run("STOR f"));
        rig.policy = new Policy(true, false, false, false, true, true, true, Set.of(), 100, 3, false, Set.of());
        assertEquals(Trees.send(rig.storage, "/f", 2, false), transfer("RETR f"));
    }

    @Test
    void uploadsHaveTheirPlacement() {
        assertEquals(Trees.receive(rig.storage, "/f", Placement.REPLACE, 0, false), transfer("STOR f"));
        assertEquals(Trees.receive(rig.storage, "/f", Placement.APPEND, 0, false), transfer("APPE f"));
        Transfer.Receive unique = (Transfer.Receive) transfer("STOU d/name");
        assertEquals(Placement.CREATE_NEW, unique.placement());
        assertTrue(unique.path().matches("/d/name\\.[0-9a-f]{20}"), unique.path());
    }

    @Test
    void aUserHasALargestFile() {
        CommandRig limited =
                CommandRig.loggedIn(Users.user().maxFileBytes(77).make()).withEndpoint();
        Outcome.Transferring stor = (Outcome.Transferring) limited.outcome("STOR x");
        assertEquals(77, ((Transfer.Receive) stor.transfer()).maxFileBytes());
    }

    @Test
    void listTakesFlagsAndAPath() {
        Transfer.SendListing listing = listing("LIST -laSr d");
        assertEquals("/d", listing.path());
        assertEquals(Format.LIST, listing.format());
        assertTrue(listing.hidden());
        assertTrue(listing.reversed());
        assertEquals(Order.SIZE, listing.order());
        assertEquals(Order.TIME, listing("LIST -t").order());
        assertFalse(listing("LIST").hidden());
        assertTrue(listing("LIST -d d").itself());
        assertTrue(listing("LIST f").itself());
        assertFalse(listing("LIST d").itself());
    }

    @Test
    void aDirectoryItselfIsCalledAsTheClientCallsIt() {
        for (String verb : new String[] {"LIST", "NLST"}) {
            assertEquals(".", listing(verb + " -d").shownAs());
            assertEquals("/", listing(verb + " -d /").shownAs());
            assertEquals("..", listing(verb + " -d ..").shownAs());
            assertEquals("d", listing(verb + " -d d").shownAs());
            assertEquals("", listing(verb + " -d f").shownAs());
            assertEquals("", listing(verb + " d").shownAs());
        }
    }

    @Test
    void anEntryWhoseNameLooksLikeFlagsOrAPatternIsMeant() {
        MemoryBackends.store(rig.storage, "/-la", "x");
        assertEquals("/-la", listing("LIST -la").path());
        MemoryBackends.store(rig.storage, "/a*", "x");
        MemoryBackends.store(rig.storage, "/ab", "x");
        assertEquals("/a*", listing("LIST a*").path());
        assertEquals("", listing("LIST a*").pattern());
        assertEquals("?b", listing("LIST ?b").pattern());
    }

    @Test
    void nlstNamesCanBeUsedAsTheyAre() {
        assertEquals("", listing("NLST").prefix());
        assertEquals("", listing("NLST .").prefix());
        assertEquals("d/", listing("NLST d").prefix());
        assertEquals("d/", listing("NLST d/").prefix());
        assertEquals("/d/", listing("NLST /d").prefix());
        assertEquals("d/", listing("NLST d/g*").prefix());
        assertEquals("/d", listing("NLST d/g*").path());
        assertEquals("d/", listing("NLST d/g").prefix());
    }

    @Test
    void mlsdListsHiddenFilesAndTakesNoFlags() {
        Transfer.SendListing listing = listing("MLSD");
        assertEquals(Format.MLSD, listing.format());
        assertTrue(listing.hidden());
        assertEquals("!NOT_FOUND", rig.run("MLSD -la"));
    }

    @Test
    void aborWithoutATransferGivesTheEndpointUp() {
        Outcome.CloseEndpoint close = assertInstanceOf(Outcome.CloseEndpoint.class, rig.outcome("ABOR"));
        assertEquals("226 No transfer to abort.", CommandRig.text(close.reply()));
        assertEquals(Optional.empty(), close.state().endpoint());
    }
}
