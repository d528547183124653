package flotilla.node.command;

import flotilla.node.state.HashAlgorithm;
import flotilla.storage.ByteSource;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/**
 * The digest of a part of a file. It is computed on a thread that may block.
 *
 * @param hex the digest in lower case
 * @param first offset of the first byte
 * @param last offset of the last byte
 */
record FileDigest(String hex, long first, long last) {
    private static final int BUFFER = 256 * 1024;

    /**
     * Computes the digest of a part of a file, if the file is not too large.
     *
     * @param start offset of the first byte
     * @param end offset after the last byte; -1 for the end of the file
     * @param then makes the outcome of a digest
     */
    static Outcome outcome(
            Turn turn,
            VirtualPath path,
            HashAlgorithm algorithm,
            long start,
            long end,
            Function<FileDigest, Outcome> then) {
        AtomicBoolean cancelled = new AtomicBoolean();
        long max = turn.policy().maxHashBytes();
        CompletionStage<Outcome> stage = turn.tree()
                .run(tree -> tree.read(path, start))
                .thenCompose(source ->
                        computing(turn, source, () -> compute(source, algorithm, start, end, max, cancelled::get)))
                .thenApply(digest -> cancelled.get()
                        ? turn.answer(426, "Aborted.")
                        : digest.map(then)
                                .orElseGet(() -> turn.answer(450, "Too many digests are computed, try again later.")));
        return new Outcome.Interruptible(stage, () -> cancelled.set(true));
    }

    /** Computes the digest in a slot of {@link Digests}. Empty when no slot is free, or when the node is closing. */
    private static CompletionStage<Optional<FileDigest>> computing(
            Turn turn, ByteSource source, Supplier<FileDigest> digest) {
        try {
            return turn.services().digests().compute(digest).thenApply(done -> {
                if (done.isEmpty()) {
                    source.close();
                }
                return done;
            });
        } catch (RejectedExecutionException closing) {
            source.close();
            return CompletableFuture.completedFuture(Optional.empty());
        }
    }

    private static FileDigest compute(
            ByteSource source, HashAlgorithm algorithm, long start, long end, long max, BooleanSupplier cancelled) {
        try (source) {
            long stop = end < 0 ? source.size() : Math.min(end, source.size());
            if (stop - start > max) {
                throw new StorageException(Reason.TOO_LARGE, "too large to hash");
            }
            Sum sum = Sum.of(algorithm);
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            long left = stop - start;
            while (left > 0 && !cancelled.getAsBoolean()) {
                buffer.clear().limit((int) Math.min(BUFFER, left));
                int read = source.read(buffer);
                if (read < 0) {
                    break;
                }
                left -= read;
                sum.update(buffer.flip());
            }
            return new FileDigest(sum.hex(), start, Math.max(start, stop - 1));
        } catch (StorageException e) {
            throw new CompletionException(e);
        }
    }

    /** The text {@code SHA-256 0-99 hex path} (draft-bryan-ftpext-hash). */
    String text(HashAlgorithm algorithm, String path) {
        return algorithm.wireName() + " " + first + "-" + last + " " + hex + " " + path;
    }

    private interface Sum {
        void update(ByteBuffer bytes);

        String hex();

        static Sum of(HashAlgorithm algorithm) {
            return algorithm == HashAlgorithm.CRC32 ? crc() : digest(algorithm);
        }

        private static Sum crc() {
            CRC32 crc = new CRC32();
            return new Sum() {
                @Override
                public void update(ByteBuffer bytes) {
                    crc.update(bytes);
                }

                @Override
                public String hex() {
                    return HexFormat.of().toHexDigits((int) crc.getValue());
                }
            };
        }

        private static Sum digest(HashAlgorithm algorithm) {
            MessageDigest digest;
            try {
                digest = MessageDigest.getInstance(algorithm.wireName());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
            return new Sum() {
                @Override
                public void update(ByteBuffer bytes) {
                    digest.update(bytes);
                }

                @Override
                public String hex() {
                    return HexFormat.of().formatHex(digest.digest());
                }
            };
        }
    }
}
