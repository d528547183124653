package flotilla.node.command;

import flotilla.node.command.CommandSpec.Access;
import flotilla.node.command.CommandSpec.Argument;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Writes docs/reference/protocol.md from the command table. */
final class ProtocolPage {
    private static final String HEAD = """
            # Protocol

            *Read this if you write a client, or look up a command or a reply.*

            Generated from `CommandTable`; do not edit. To write it anew:
            [CONTRIBUTING](../../CONTRIBUTING.md#write-the-reference-pages-again).

            ## Commands

            *Needs*: `-` nothing, also before TLS where TLS is required; `TLS` TLS where it is required; `login` a user.

            *Does*: `changes` files, at most once, and the log of changes has it (`changes*` in some forms only); `data` a data
            connection, whose endpoint is used up with the offset of REST; `offset` takes the offset of REST; `ABOR` may end it;
            `secret` no log shows its argument.

            | verb | aliases | needs | syntax | does | FEAT | reference |
            |---|---|---|---|---|---|---|
            """;

    private static final String TAIL = """

            FEAT also lists `UTF8`, `TVFS`, `MLST` with a star after each fact that is on, `HASH` with a star after the chosen
            algorithm, `HOST` where hosts are configured, and `MODE Z` where it is allowed and TLS is configured. `AUTH`,
            `PBSZ`, `PROT` are listed where TLS is configured, `EPRT` where active mode is on. A verb that is not in the table
            gets 500.

            ## Before a command runs

            In this order: 500 line too long, or no verb; 501 not UTF-8 (or not in the encoding of the account), or a control
            character; 530 TLS is required; 530 nobody is logged in; 501 argument missing or not expected. Then what the
            command itself says.

            ## Replies of data connections

            | reply | when |
            |---|---|
            | 150 | the transfer is accepted; the data connection may come before or after |
            | 226 | all is moved, and an upload is stored under its name |
            | 425 | before 150: no PORT, EPRT, PASV or EPSV before, or no free passive port; after 150: no data connection came in time, \
            too many of somebody else did, ours was refused, or the node runs as many transfers as it may |
            | 426 | the client or the network ended the data connection, it stalled, ABOR, or an upload under TLS ended without close_notify, or in MODE Z \
            without the end of its stream |
            | 450 | another session is uploading this file; as many digests are computed as may be |
            | 451 | the storage failed; the upload [could not be scanned](../secure/scanning.md#what-a-client-gets); the file was replaced or removed meanwhile; an upload in MODE Z is no zlib stream, or bytes \
            came after its end |
            | 452 | the storage is full; nothing of the upload is kept |
            | 522 | before 150: data must be protected, send PROT P (MODE Z always needs it); after 150: the TLS handshake failed, the TLS session or the client \
            certificate is not the control connection's |
            | 550 | not found, not permitted, not a file; the upload is infected, or held back; APPE to a file of which a replacement was broken off |
            | 552 | the user's quota, or his largest file, is exceeded, or the upload is too large to be scanned, or an upload in MODE Z expands \
            too far; nothing of the upload is kept; a recursive listing is not whole |
            | 553 | no file can have this name, or nothing new can get it (see "Pathnames") |
            | 554 | the offset of REST is beyond the end of the file, or of the upload that was broken off; TYPE is A |

            The data connection is closed before its final reply is sent. A refused transfer uses up the endpoint and the offset
            as one that ran does.

            After an upload that failed, but for one that found no room (452, 552), what arrived is kept to be resumed with REST
            and STOR, or with APPE where no file has the name. SIZE tells how much it is where no file has the name. An older
            file of that name is never taken for its beginning. An upload that a scanner refused (550) leaves nothing to resume.

            An upload that found no room begins anew: what is kept of it would only keep the storage full. With
            `storage.atomic = off`, a file that it was to replace is empty then, and one that was not there is not there.

            ## MODE Z

            With `protocol.mode-z`, transfers may be compressed (draft-preston-ftpext-deflate): under PROT P, for all users but
            anonymous ones. It is off by default, since it takes up to one core for each transfer. lftp uses it as soon as FEAT
            lists it.

            Each upload, download and listing is one zlib stream (RFC 1950). OPTS MODE Z LEVEL sets the level, 1 to 9; ENGINE
            ZLIB and METHOD 8 are accepted, since there are no others. MODE Z holds until MODE S.

            - REST, SIZE, HASH, the log and STAT count bytes of the file. Quotas and the largest file do, too. Rates count the
              compressed bytes.
            - TYPE A converts line ends before it compresses.
            - An upload without the end of its stream gets 426, and what arrived can be resumed as after any broken upload.
              Damaged streams and bytes after the end get 451. Then nothing is kept.
            - An upload of which one byte becomes more than `limits.mode-z-ratio` bytes gets 552, and nothing is kept. The
              first MiB of a file is free.
            - When the node of the data connection dies, the transfer gets 426 as any other one. What it had stored can be
              resumed.
            - What an attacker can have mixed with secrets in one file can betray them by its compressed size (CRIME).
              Transfers of whole files do not mix anything.

            ## Recursive listings

            `-R` of LIST and NLST is ignored by default. With `protocol.recursive-listings`, it lists the directories below,
            too, in the form of `ls -lR`: before each directory an empty line, and its name with a colon. It is for a
            directory, not for a pattern.

            A directory that the user may not list is shown and left out, and so is one above it to which a link leads.
            Directories whose names begin with a dot are entered with `-a` or `-A`. A directory that the server itself cannot
            read ends the listing as a plain one of it: with 550, or 451 for an error of the storage.

            A tree with more than `limits.recursion-entries` entries, or deeper than `limits.recursion-depth` below the
            directory, gets 552. So does one whose directories need more than the free part of `limits.listing-memory`. What
            came before is not whole then.

            ## Copies on the server

            `SITE CPFR file` and then `SITE CPTO name` copy a regular file within the user's home (ProFTPD's mod_copy). FEAT
            lists `SITE COPY`. A directory gets 550.

            A copy is stored as an upload of the same bytes: the user needs `read` for the source and `write` for the target,
            and `delete` to replace a file. The quota, the largest file and the upload rate count. So does
            `limits.max-transfers` of the node: beyond it, CPTO gets 450. Nobody sees the new name before the whole copy has
            it, with `storage.atomic = off`, too: an older file then becomes a new one, as by a rename. No upload resumes the
            bytes of a copy that broke, not even after a crash of the node.

            CPTO answers 250 when the copy is stored. ABOR, a lost connection and a failure leave nothing of it. A source that
            another upload replaces meanwhile is copied in the version that was opened. A copy that runs on for 10 s while
            its session moves to another node is ended, with 426.

            ## Pathnames

            A pathname is UTF-8, or in the [encoding of the account](../accounts/manage.md#names-for-old-clients), without
            control characters, with `/` between its names; `..` above the root is the root. A name has at most 255 bytes of
            UTF-8. A path has at most 128 names and 4,096 bytes, counted from the root of the user's home, each name with its
            `/`, after `.` and `..` are resolved.

            501 answers what is longer, also where a relative pathname is short and the whole path is too long: directories below
            that, made by others, are listed in their parent and cannot be entered. Names on disk that no pathname can hold are
            shown and taken in an escaped form, which nothing new can get (553); see
            [names that FTP cannot carry](clients.md#names-that-ftp-cannot-carry).

            ## ABOR

            | when | replies |
            |---|---|
            | nothing runs | 226; the endpoint is given up |
            | a transfer runs | 426 for the transfer, 226 for ABOR |
            | a digest is computed (HASH, XCRC, …), or a file is copied (SITE CPTO) | 426 for that command, 226 for ABOR |
            | the transfer ended meanwhile | its own reply, 226 for ABOR |

            ABOR and STAT without argument overtake other commands during a transfer, ABOR also during a digest or a copy; all
            others wait for the end.

            ## What a client can be told by configuration

            | setting | effect on replies |
            |---|---|
            | TLS required | 530 before AUTH for all that needs TLS |
            | TLS off on a listener | 502 to AUTH, which FEAT leaves out |
            | CCC allowed | 200, then clear text once both sides sent close_notify; AUTH, PBSZ, PROT 503 and USER, PASS 534 from then on. Otherwise 534 |
            | REIN allowed | 220, then a new session in clear text (closed on the implicit port). Otherwise 502 |
            | data TLS required (listener or user) | 534 to PROT C, 522 to transfers without PROT P |
            | lenient buffer size | PROT without PBSZ |
            | active mode off | 502 to PORT and EPRT |
            | ASCII as binary | TYPE A is accepted and moves bytes as they are; SIZE and REST work |
            | rename does not replace | 550 to RNTO onto a file |
            | hosts | HOST; 504 to others |
            """;

    private static final Map<Effect, String> WORDS = new EnumMap<>(Map.of(
            Effect.CHANGES_FILES, "changes",
            Effect.USES_DATA, "data",
            Effect.TAKES_OFFSET, "offset",
            Effect.INTERRUPTIBLE, "ABOR",
            Effect.SECRET_ARGUMENT, "secret"));

    private ProtocolPage() {}

    static String text(CommandTable table) {
        StringBuilder page = new StringBuilder(HEAD);
        for (CommandSpec spec : table.specs()) {
            page.append("| ").append(spec.verb());
            page.append(" | ").append(String.join(", ", spec.aliases()));
            page.append(" | ").append(needs(spec.access()));
            page.append(" | ").append(syntax(spec));
            page.append(" | ").append(does(spec));
            page.append(" | ").append(String.join(", ", spec.features()));
            page.append(" | ").append(spec.reference()).append(" |\n");
        }
        return page.append(TAIL).toString();
    }

    private static String does(CommandSpec spec) {
        List<String> words = new ArrayList<>();
        WORDS.forEach((effect, word) -> {
            if (spec.does(effect)) {
                words.add(word);
            } else if (spec.traits().forms().stream()
                    .anyMatch(form -> form.effects().contains(effect))) {
                words.add(word + "*");
            }
        });
        return String.join(", ", words);
    }

    private static String needs(Access access) {
        return switch (access) {
            case ALWAYS -> "-";
            case CONNECTED -> "TLS";
            case LOGGED_IN -> "login";
        };
    }

    private static String syntax(CommandSpec spec) {
        if (spec.does(Effect.NOT_IMPLEMENTED)) {
            return "502";
        }
        if (spec.syntax().isEmpty()) {
            return spec.argument() == Argument.IGNORED ? "[anything]" : "";
        }
        return List.of("`", spec.syntax().replace("|", "\\|"), "`").stream().reduce("", String::concat);
    }
}
