package flotilla.node;

import flotilla.cluster.User;
import flotilla.node.tree.Mount;
import flotilla.node.tree.UserBooks;
import flotilla.node.tree.UserBooks.Book;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.util.List;
import java.util.Optional;

/**
 * The quota from which a removed file is subtracted.
 *
 * @param book what the quota limits; empty when none limits the file
 * @param sure whether no other book may be meant
 */
record QuotaChoice(Optional<Book> book, boolean sure) {
    /**
     * Chooses. A rename keeps its file in one book: else its usage would have to move, too, and nobody knows that of a
     * directory.
     *
     * @param held lock names: of the removed file, or of both names of a rename
     * @param file the file that is removed or replaced
     * @throws StorageException {@code CROSS_DEVICE} when a rename would lead from one book to another,
     *     {@code MOUNT_POINT} when it would move the place of a mount
     */
    static QuotaChoice of(UserBooks books, User user, List<String> held, VirtualPath file) throws StorageException {
        Mount mount = Mount.of(user);
        String target = held.get(held.size() - 1);
        Optional<Book> book = books.at(target, mount, file);
        if (held.size() > 1) {
            String source = held.get(0);
            Optional<Book> from = books.at(source, mount, file);
            if (!from.map(Book::key).equals(book.map(Book::key))) {
                throw new StorageException(Reason.CROSS_DEVICE, file + " counts for another quota");
            }
            if (books.isAnyIn(source)) {
                throw new StorageException(Reason.MOUNT_POINT, "the place of a mount lies there");
            }
        }
        return new QuotaChoice(book, books.isSure());
    }
}
