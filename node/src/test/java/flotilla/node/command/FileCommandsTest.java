package flotilla.node.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.node.fixture.MemoryBackends;
import flotilla.node.fixture.PlainServices;
import flotilla.node.fixture.Users;
import flotilla.storage.StorageException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands for files and directories, and for their facts and digests (docs/reference/protocol.md). */
class FileCommandsTest {
    private static final String SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    private final CommandRig rig = CommandRig.loggedIn();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CWD d|250 Directory changed.",
                "XCWD /d/|250 Directory changed.",
                "CWD ..|250 Directory changed.",
                "CWD ../../d/./../d|250 Directory changed.",
                "CWD f|550 Not a directory.",
                "CWD nowhere|!NOT_FOUND",
                "CWD ~|!NOT_FOUND",
                "CDUP|250 Directory changed.",
                "XCUP|250 Directory changed.",
                "PWD|257 \"/\" is the current directory.",
                "XPWD|257 \"/\" is the current directory.",
                "PWD x|501 PWD takes no argument.",
                "MKD new|257 \"/new\" created.",
                "XMKD d/a \"b\"|257 \"/d/a \"\"b\"\"\" created.",
                "MKD d|!ALREADY_EXISTS",
                "MKD /|550 File exists.",
                "MKD x/y|!NOT_FOUND",
                "RMD d|!NOT_EMPTY",
                "XRMD f|!NOT_A_DIRECTORY",
                "RMD /|550 The root directory stays.",
                "RMD nowhere|!NOT_FOUND",
                "DELE f|250 File removed.",
                "DELE d|!IS_A_DIRECTORY",
                "DELE f/|550 Not a file.",
                "DELE nowhere|!NOT_FOUND",
                "RNFR f|350 Send RNTO.",
                "RNFR nowhere|!NOT_FOUND",
                "RNFR /|553 The root directory stays.",
                "RNTO g|503 Send RNFR first.",
                "SIZE f|213 5",
                "SIZE d|550 Not a file.",
                "SIZE nowhere|!NOT_FOUND",
                "MDTM f|213 20260501123456",
                "MDTM nowhere|!NOT_FOUND",
                "MDTM 20200102030405 f|213 Modify=20200102030405; /f",
                "MDTM 20200102030405+060 f|213 Modify=20200102020405; /f",
                "MDTM 20200102030405.5 f|213 Modify=20200102030405; /f",
                "MDTM 20201302030405 f|501 Not a time.",
                "MDTM 20200102030405 nowhere|!NOT_FOUND",
                "MFMT 20200102030405 f|213 Modify=20200102030405; /f",
                "MFMT 20200102030405 d|213 Modify=20200102030405; /d",
                "MFMT 20200230030405 f|501 Not a time.",
                "MFMT 20200102030405|501 MFMT needs a time and a pathname.",
                "MFMT 20200102030405 nowhere|!NOT_FOUND",
                "MFF Modify=20200102030405;UNIX.mode=0600; f|213 Modify=20200102030405;UNIX.mode=0600; /f",
                "MFF modify=20200102030405; f|213 Modify=20200102030405; /f",
                "MFF unix.MODE=640; f|213 UNIX.mode=0640; /f",
                "MFF Modify=20200230030405; f|501 Not a time.",
                "MFF UNIX.mode=888; f|501 Not an octal mode.",
                "MFF UNIX.mode=4755; f|550 Only read, write and execute bits can be set.",
                "MFF Create=20200102030405; f|504 Only Modify and UNIX.mode can be set.",
                "MFF Modify; f|501 A fact is written name=value.",
                "MFF ; f|501 MFF needs facts, each ended by a semicolon, and a pathname.",
                "MFF Modify=20200102030405 f|501 MFF needs facts, each ended by a semicolon, and a pathname.",
                "MFF Modify=20200102030405;|501 MFF needs facts, each ended by a semicolon, and a pathname.",
                "MFF Modify=20200102030405; nowhere|!NOT_FOUND",
                "MLST nowhere|!NOT_FOUND",
                "HASH f|213 SHA-256 0-4 " + SHA256 + " /f",
                "HASH d|553 Not a file.",
                "HASH nowhere|!NOT_FOUND",
                "XCRC f|250 3610A686",
                "XMD5 f|250 5D41402ABC4B2A76B9719D911017C592",
                "XSHA f|250 AAF4C61DDCC5E8A2DABEDE0F3B482CD9AEA9434D",
                "XSHA1 f|250 AAF4C61DDCC5E8A2DABEDE0F3B482CD9AEA9434D",
                "XMD5 \"f\" 1 3|250 65C10911D8B8591219A21EBACF46DA01",
                "XMD5 \"f\" 0|250 5D41402ABC4B2A76B9719D911017C592",
                "XMD5 \"f\" 6|!OFFSET_OUT_OF_RANGE",
                "XCRC d|550 Not a file.",
                "SITE CHMOD 600 f|200 Mode changed.",
                "SITE UMASK|200 No UMASK is set: the server's modes are used.",
                "SITE UMASK 27|200 UMASK set to 027.",
                "SITE UMASK 0777|200 UMASK set to 777.",
                "SITE UMASK 1000|501 UMASK needs an octal number from 0 to 777.",
                "SITE UMASK 8|501 UMASK needs an octal number from 0 to 777.",
                "SITE UMASK -1|501 UMASK needs an octal number from 0 to 777.",
                "SITE chmod 0600 f|200 Mode changed.",
                "SITE CHMOD 4755 f|550 Only read, write and execute bits can be set.",
                "SITE CHMOD 888 f|501 CHMOD needs an octal mode and a pathname.",
                "SITE CHMOD 600|501 CHMOD needs an octal mode and a pathname.",
                "SITE CHMOD 600 nowhere|!NOT_FOUND",
                "SITE UTIME 202001020304 f|200 Time changed.",
                "SITE UTIME 20200102030405 f|200 Time changed.",
                "SITE UTIME f 20200102030405 20200102030406 20200102030405 UTC|200 Time changed.",
                "SITE UTIME 202013020304 f|501 Not a time.",
                "SITE UTIME f|501 UTIME needs a time and a pathname.",
                "SITE WHO|550 Administrators only.",
                "SITE EXEC ls|500 Unknown SITE command.",
                "SITE INDEX|500 Unknown SITE command.",
                "SITE|501 SITE needs an argument.",
                "STAT nowhere|!NOT_FOUND"
            })
    void everyCommandHasItsReply(String line, String reply) {
        assertEquals(reply, rig.run(line));
    }

    @Test
    void theDirectoryIsKept() {
        rig.run("CWD d");
        assertEquals("257 \"/d\" is the current directory.", rig.run("PWD"));
        assertEquals("213 1", rig.run("SIZE g"));
        rig.run("CDUP");
        assertEquals("257 \"/\" is the current directory.", rig.run("PWD"));
    }

    @Test
    void aRenameMovesWhatWasNamed() {
        rig.run("RNFR f");
        assertEquals("250 Renamed.", rig.run("RNTO d/h"));
        assertEquals("213 5", rig.run("SIZE d/h"));
        rig.run("RNFR d/h");
        MemoryBackends.store(rig.storage, "/target", "x");
        assertEquals("250 Renamed.", rig.run("RNTO target"), "a file may be replaced");
        rig.run("RNFR d");
        assertEquals("!INTO_ITSELF", rig.run("RNTO d/e"));
        assertEquals("553 Not a file name.", rig.run("RNTO /"));
    }

    @Test
    void aCopyIsMadeOfWhatWasNamed() {
        assertEquals("350 Send SITE CPTO.", rig.run("SITE CPFR f"));
        assertEquals("250 Copied.", rig.run("site cpto d/copy of f"));
        assertEquals("213 5", rig.run("SIZE d/copy of f"));
        assertEquals("213 5", rig.run("SIZE f"));
        assertEquals("550 Only a file can be copied.", rig.run("SITE CPFR d"));
        assertEquals("!NOT_FOUND", rig.run("SITE CPFR missing"));
        assertEquals("501 SITE CPFR needs an argument.", rig.run("SITE CPFR"));
        rig.run("SITE CPFR f");
        assertEquals("553 A file name cannot end with a slash.", rig.run("SITE CPTO d/"));
        assertEquals("500 Unknown SITE command.", rig.run("SITE CP f"));
    }

    @Test
    void renamesAndCopiesAreNotMixed() {
        rig.run("RNFR f");
        assertEquals("503 Send SITE CPFR first.", rig.run("SITE CPTO g"));
        rig.run("SITE CPFR f");
        assertEquals("503 Send RNFR first.", rig.run("RNTO g"));
    }

    @Test
    void aRenameFindsOutThatTheFileIsAnotherOneNow() throws StorageException {
        rig.run("RNFR f");
        rig.storage.delete(
                rig.state.directory().parent().equals(rig.state.directory())
                        ? rig.state.rename().orElseThrow().path()
                        : rig.state.directory());
        MemoryBackends.store(rig.storage, "/f", "another");
        assertEquals("!CHANGED", rig.run("RNTO g"));
    }

    @Test
    void aRenameReplacesNothingWhereThatIsOff() {
        rig.policy = new Policy(true, false, false, false, true, false, false, Set.of(), 100, 3, false, Set.of());
        rig.run("RNFR f");
        assertEquals("!ALREADY_EXISTS", rig.run("RNTO d/g"));
    }

    @Test
    void sizeHasNoMeaningInAscii() {
        rig.run("TYPE A");
        assertEquals("550 SIZE not allowed in ASCII mode.", rig.run("SIZE f"));
        rig.policy = new Policy(true, false, false, false, true, true, true, Set.of(), 100, 3, false, Set.of());
        assertEquals("213 5", rig.run("SIZE f"));
    }

    @Test
    void mdtmOfAFileWhoseNameLooksLikeATimeIsATime() {
        MemoryBackends.store(rig.storage, "/20200102030405 f", "x");
        assertTrue(rig.run("MDTM 20200102030405 f").matches("213 \\d{14}"));
    }

    @Test
    void mlstShowsTheFactsThatAreChosen() {
        rig.run("OPTS MLST type;size;modify;perm;");
        assertEquals("250 Listing /f|type=file;size=5;modify=20260501123456;perm=adfrw; /f|End", rig.run("MLST f"));
        assertTrue(
                rig.run("MLST").matches("250 Listing /\\|type=dir;modify=\\d{14};perm=celmp; /\\|End"),
                rig.run("MLST"));
        rig.run("OPTS MLST");
        assertEquals("250 Listing /f| /f|End", rig.run("MLST f"));
    }

    @Test
    void hashBeginsAtTheOffsetAndHasABound() {
        rig.run("REST 1");
        rig.run("OPTS HASH MD5");
        assertEquals(
                "213 MD5 1-4 9415ef85e6cf2ddb06d9ee32f3be5c4a /f",
                rig.run("HASH f").replaceAll("[0-9a-f]{32}", "9415ef85e6cf2ddb06d9ee32f3be5c4a"));
        MemoryBackends.store(rig.storage, "/large", "x".repeat(200));
        rig.run("REST 0");
        assertEquals("!TOO_LARGE", rig.run("HASH large"));
        assertEquals("!TOO_LARGE", rig.run("XSHA512 large"));
        rig.run("REST 9");
        assertEquals("!OFFSET_OUT_OF_RANGE", rig.run("HASH f"));
    }

    @Test
    void avblIsWhatMayStillBeStored() {
        assertTrue(rig.run("AVBL").matches("213 \\d+"));
        CommandRig limited = CommandRig.loggedIn(Users.user().quotaBytes(1000).make());
        limited.services = new PlainServices(new Usage(400, 1));
        assertEquals("213 600", limited.run("AVBL"));
        limited.services = new PlainServices(new Usage(4000, 1));
        assertEquals("213 0", limited.run("AVBL d"));
    }

    @Test
    void statOfAFileIsItsLine() {
        assertTrue(rig.run("STAT f").matches("213 Status of /f\\|-[rwx-]{9} +1 ftp +ftp +5 May  1 12:34 f\\|End"));
    }

    @Test
    void statOfADirectoryIsAListingOfSoManyEntries() {
        for (int i = 0; i < 5; i++) {
            MemoryBackends.store(rig.storage, "/d/h" + i, "");
        }
        String reply = rig.run("STAT -l d");
        assertTrue(reply.startsWith("213 Status of /d|"), reply);
        assertEquals(6, reply.split("\\|").length, reply);
        assertTrue(reply.endsWith("|(more entries are not shown)|End"), reply);
    }

    @Test
    void statShowsWhatListShows() {
        MemoryBackends.store(rig.storage, "/d/.hidden", "");
        assertEquals("g", names("STAT d"));
        assertEquals(".hidden g", names("STAT -A d"));
        assertEquals(". .. .hidden g", names("STAT -la d"));
        assertEquals("d", names("STAT -d d"));
        assertEquals(".", names("STAT -d"));
        assertEquals("/", names("STAT -d /"));
    }

    /** The names in the lines of a reply. */
    private String names(String command) {
        String[] lines = rig.run(command).split("\\|");
        return Arrays.stream(lines, 1, lines.length - 1)
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .collect(Collectors.joining(" "));
    }

    @Test
    void administratorsSeeWhoIsThere() {
        CommandRig admin = CommandRig.loggedIn(Users.user().admin().make());
        assertEquals("200 Sessions:|alice 192.0.2.7|End", admin.run("SITE WHO"));
        assertTrue(admin.run("SITE HELP").startsWith("214 "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MKD x",
                "RMD d",
                "DELE f",
                "RNFR f",
                "MFMT 20200102030405 f",
                "MFF UNIX.mode=600; f",
                "MDTM 20200102030405 f",
                "SITE CHMOD 600 f",
                "SITE UMASK 022",
                "SITE UTIME 202001020304 f",
                "STOR x",
                "APPE f",
                "STOU"
            })
    void aReadOnlyUserChangesNothing(String line) {
        CommandRig reader = CommandRig.loggedIn(Users.user().readOnly().make()).withEndpoint();
        assertEquals("!ACCESS_DENIED", reader.run(line));
    }

    @Test
    void aRuleCoversANameHoweverItsAccentsAreWritten() {
        for (String rule : new String[] {"/caf\u00e9", "/cafe\u0301"}) {
            for (String name : new String[] {"/caf\u00e9", "/cafe\u0301"}) {
                CommandRig denied = CommandRig.loggedIn(Users.user()
                                .rules(new PathRule("/", EnumSet.allOf(Permission.class)), new PathRule(rule, Set.of()))
                                .make())
                        .withEndpoint();
                MemoryBackends.store(denied.storage, name, "hello");
                assertEquals("!ACCESS_DENIED", denied.run("RETR " + name));
                assertEquals("!ACCESS_DENIED", denied.run("DELE " + name));
            }
        }
    }

    @Test
    void aUserWhoOnlyDropsFilesLearnsNothingOfOthers() {
        CommandRig dropper = CommandRig.loggedIn(Users.user()
                        .rules(new PathRule("/", Set.of()), new PathRule("/d", Set.of(Permission.WRITE)))
                        .make())
                .withEndpoint();
        for (String line : new String[] {
            "RETR d/g",
            "SIZE d/g",
            "MDTM d/g",
            "MLST d/g",
            "HASH d/g",
            "XCRC d/g",
            "LIST d",
            "NLST d",
            "MLSD d",
            "STAT d",
            "SIZE d/nothing",
            "LIST d/g"
        }) {
            assertEquals("!ACCESS_DENIED", dropper.run(line), line);
        }
        assertTrue(dropper.run("STOR d/new").startsWith("150 "));
        assertEquals("!ACCESS_DENIED", dropper.run("STOR d/g"), "what is there is not taken away");
    }

    @ParameterizedTest
    @CsvSource({"CWD", "MKD", "DELE", "RETR", "STOR", "LIST", "MLST", "RNFR"})
    void aNameThatCannotBeOneIsASyntaxError(String verb) {
        rig.withEndpoint();
        assertEquals("501 Not a pathname.", rig.run(verb + " " + "x".repeat(300)));
    }
}
