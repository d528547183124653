package flotilla.node.command;

import flotilla.node.protocol.Reply;
import flotilla.node.state.SessionState;
import flotilla.node.transfer.Transfer;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The decision of a command's handler; the session carries it out. */
public sealed interface Outcome {
    /** Returns the answer of the case for this outcome. */
    <R> R match(Cases<R> cases);

    /** One method for each outcome. A new outcome does not compile until each implementation has its case. */
    interface Cases<R> {
        /** The case of {@link Answered}. */
        R answered(Answered outcome);

        /** The case of {@link Pending}. */
        R pending(Pending outcome);

        /** The case of {@link Interruptible}. */
        R interruptible(Interruptible outcome);

        /** The case of {@link Transferring}. */
        R transferring(Transferring outcome);

        /** The case of {@link OpenPassive}. */
        R openPassive(OpenPassive outcome);

        /** The case of {@link StartTls}. */
        R startTls(StartTls outcome);

        /** The case of {@link EndTls}. */
        R endTls(EndTls outcome);

        /** The case of {@link Reinitialize}. */
        R reinitialize(Reinitialize outcome);

        /** The case of {@link LogIn}. */
        R logIn(LogIn outcome);

        /** The case of {@link Identify}. */
        R identify(Identify outcome);

        /** The case of {@link CloseEndpoint}. */
        R closeEndpoint(CloseEndpoint outcome);

        /** The case of {@link Goodbye}. */
        R goodbye(Goodbye outcome);
    }

    /**
     * The command is done.
     *
     * @param reply the reply to the client
     * @param state the session's state from then on
     */
    record Answered(Reply reply, SessionState state) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.answered(this);
        }
    }

    /** The outcome comes later. A failed stage means a failure of the storage or a bug. */
    record Pending(CompletionStage<? extends Outcome> stage) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.pending(this);
        }
    }

    /**
     * As {@link Pending}, but ABOR may end it.
     *
     * @param cancel makes the stage end soon, with the reply of an aborted command
     */
    record Interruptible(CompletionStage<? extends Outcome> stage, Runnable cancel) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.interruptible(this);
        }
    }

    /**
     * A transfer begins.
     *
     * @param opening text of the reply 150
     * @param transfer the transfer that then runs on the data connection
     * @param state the session's state from then on
     */
    record Transferring(String opening, Transfer transfer, SessionState state) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.transferring(this);
        }
    }

    /**
     * PASV or EPSV: a passive port is to be leased.
     *
     * @param extended true when the reply is 229, false for 227
     */
    record OpenPassive(boolean extended) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.openPassive(this);
        }
    }

    /** AUTH: the reply is sent in clear, then TLS starts. */
    record StartTls(Reply reply, SessionState state) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.startTls(this);
        }
    }

    /** CCC: the reply is sent under TLS, then the control connection continues in clear. */
    record EndTls(Reply reply, SessionState state) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.endTls(this);
        }
    }

    /** REIN: the session begins anew without TLS (RFC 4217, section 11). */
    record Reinitialize(Reply reply) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.reinitialize(this);
        }
    }

    /** PASS: the password is to be checked for the name that USER gave. */
    record LogIn(String password) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.logIn(this);
        }

        @Override
        public String toString() {
            return "LogIn[***]";
        }
    }

    /** USER: the session takes the name. A client certificate may log the user in at once. */
    record Identify(String user) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.identify(this);
        }
    }

    /** ABOR without a transfer: the data endpoint is given up. */
    record CloseEndpoint(Reply reply, SessionState state) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.closeEndpoint(this);
        }
    }

    /** The last reply; then the connection closes. */
    record Goodbye(Reply reply) implements Outcome {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.goodbye(this);
        }
    }

    /** Makes the outcome of a command that is done. */
    static Outcome answered(int code, String text, SessionState state) {
        return new Answered(Reply.of(code, text), state);
    }

    /** Makes an outcome that decides when the stage has ended. */
    static <T> Outcome pending(CompletionStage<T> stage, Function<T, Outcome> decide) {
        return new Pending(stage.thenApply(decide));
    }
}
