package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The use of a user's quota equals the files that are there, after a death of the server and after a count. */
@Timeout(180)
class QuotaBooksTest {
    private static final int QUOTA = 1_000_000;
    /** Longer than it takes to write changes to the database. */
    private static final long WRITTEN_MILLIS = 2_500;

    private static Account limited(ServerProcess server) {
        Account account = server.newAccount();
        server.flotilla("user", "set", account.name(), "--quota", String.valueOf(QUOTA));
        return account;
    }

    private static FtpDriver login(ServerProcess server, Account account) throws Exception {
        return FtpDriver.loggedIn(server, ClientTls.trusting(server.certificate()), account);
    }

    private static long free(FtpDriver ftp) throws Exception {
        return Long.parseLong(ftp.command("AVBL").expect(213).text());
    }

    private static List<String> recount(ServerProcess server, String user) {
        Command.Result result = Command.run(server, "user", "recount", user);
        assertEquals(0, result.exit(), result.err());
        return result.out().lines().map(line -> line.replaceAll(" +", " ")).toList();
    }

    private static List<String> counted(long before, int filesBefore, long after, int filesAfter) {
        return List.of(
                "before " + before + " bytes " + filesBefore + " files",
                "after " + after + " bytes " + filesAfter + " files",
                "difference " + (after - before) + " bytes " + (filesAfter - filesBefore) + " files");
    }

    @Test
    @DisplayName("After kill -9 during an upload the whole quota can be used again")
    void whatTheDeadHadReservedIsFree() throws Exception {
        ServerProcess first = ServerProcess.start("flotilla.quota.recount-interval=off");
        Account account = limited(first);
        FtpDriver ftp = login(first, account);
        ftp.store("STOR kept", new byte[100_000]).expect(226);
        DataChannel upload = ftp.transfer("STOR broken");
        upload.send(new byte[700_000]);
        FtpDriver other = login(first, account);
        Await.until("the upload has reserved what it sends", () -> free(other) <= 200_000);
        TimeUnit.MILLISECONDS.sleep(WRITTEN_MILLIS); // no event reports that nothing was written
        try (ServerProcess second = first.killAndStartAnew()) {
            FtpDriver again = login(second, account);
            assertEquals(QUOTA - 100_000, free(again));
            again.store("STOR whole", new byte[QUOTA - 100_000]).expect(226);
            again.store("STOR more", new byte[1]).expect(552);
            assertEquals(counted(QUOTA, 2, QUOTA, 2), recount(second, account.name()));
            again.close();
        }
    }

    @Test
    @DisplayName("flotilla user recount puts a usage right, also while an upload goes on")
    void recount(@TempDir Path empty) throws Exception {
        try (ServerProcess server = ServerProcess.start("flotilla.quota.recount-interval=off")) {
            Account account = limited(server);
            FtpDriver ftp = login(server, account);
            ftp.store("STOR one", new byte[10_000]).expect(226);
            Files.write(account.home().resolve("beside"), new byte[5_000]);
            DataChannel upload = ftp.transfer("STOR two");
            upload.send(new byte[300_000]);
            assertEquals(counted(10_000, 1, 15_000, 2), recount(server, account.name()));
            upload.finish();
            ftp.reply().expect(226);
            assertEquals(QUOTA - 315_000, free(ftp));
            assertEquals(counted(315_000, 3, 315_000, 3), recount(server, account.name()));
            ftp.command("DELE beside").expect(250);
            ftp.command("RNFR one").expect(350);
            ftp.command("RNTO two").expect(250);
            assertEquals(counted(10_000, 1, 10_000, 1), recount(server, account.name()));

            Account unlimited = server.newAccount();
            assertEquals(
                    List.of("User " + unlimited.name()
                            + " has no quota, so nothing is counted: set --quota or --quota-files first."),
                    recount(server, unlimited.name()));
            Command.Result nobody = Command.run(server, "user", "recount", "nobody");
            assertEquals(1, nobody.exit());
            assertTrue(nobody.err().contains("no such user: nobody"), nobody.err());
            Command.Result nowhere = Command.run(empty, "user", "recount", account.name());
            assertEquals(1, nowhere.exit());
            assertTrue(nowhere.err().contains("only a server can count"), nowhere.err());
            ftp.close();
        }
    }

    @Test
    @DisplayName("A usage that is wrong is found, put right and told by the server itself")
    void rounds() throws Exception {
        try (ServerProcess server = ServerProcess.start("flotilla.quota.recount-interval=1s")) {
            Account account = limited(server);
            FtpDriver ftp = login(server, account);
            ftp.store("STOR one", new byte[10_000]).expect(226);
            Files.write(account.home().resolve("beside"), new byte[5_000]);
            Await.until("the home is counted anew", () -> free(ftp) == QUOTA - 15_000);
            Await.until("that is told", () -> server.errors()
                    .contains("the usage of " + account.name()
                            + " was wrong and is put right: 10000 bytes in 1 files were booked, 15000 bytes in 2 files"
                            + " are there"));
            ftp.close();
        }
    }
}
