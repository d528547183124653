package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.INTERRUPTIBLE;
import static flotilla.node.command.Effect.TAKES_OFFSET;

import flotilla.node.protocol.Request;
import flotilla.node.state.HashAlgorithm;
import java.util.List;

/** HASH (draft-bryan-ftpext-hash): the digest of a file, from the offset of REST on. */
final class HashCommand implements CommandHandler {
    static final List<HashAlgorithm> OFFERED = List.of(
            HashAlgorithm.SHA_256, HashAlgorithm.SHA_512, HashAlgorithm.SHA_1, HashAlgorithm.MD5, HashAlgorithm.CRC32);

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("HASH", LOGGED_IN, REQUIRED, "<SP> pathname", "draft-bryan-ftpext-hash")
                .effects(INTERRUPTIBLE, TAKES_OFFSET);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        HashAlgorithm algorithm = turn.state().parameters().hash();
        long offset = turn.state().restart();
        return Paths.with(
                request,
                turn,
                path -> Outcome.pending(
                        turn.tree().run(tree -> tree.stat(path)),
                        entry -> entry.isDirectory()
                                ? turn.answer(553, "Not a file.")
                                : FileDigest.outcome(
                                        turn,
                                        path,
                                        algorithm,
                                        offset,
                                        -1,
                                        digest -> turn.answer(213, digest.text(algorithm, path.toString())))));
    }

    /** The text {@code SHA-256*;SHA-512;…}, with a star after the chosen algorithm. */
    static String feature(HashAlgorithm chosen) {
        StringBuilder out = new StringBuilder();
        for (HashAlgorithm algorithm : OFFERED) {
            out.append(algorithm.wireName()).append(algorithm == chosen ? "*;" : ";");
        }
        return out.toString();
    }
}
