/*
 * The least that a TLS server in user space does for bulk data: it reads, enciphers and writes, or the reverse.
 *
 * reference PORT CERTIFICATE DIRECTORY
 *
 * It listens on 127.0.0.1 and serves one connection at a time. After the handshake the client sends one line.
 * The server answers "GET NAME" with the file's bytes. The client sends them after "PUT NAME". close_notify ends both.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BLOCK (256 * 1024)
#define LINE 256

static char block[BLOCK];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void send_file(SSL *tls, int file) {
    ssize_t got;
    while ((got = read(file, block, sizeof block)) > 0) {
        if (SSL_write(tls, block, (int) got) != got) {
            return;
        }
    }
    SSL_shutdown(tls);
}

static void receive_file(SSL *tls, int file) {
    size_t filled = 0;
    int got;
    do {
        got = SSL_read(tls, block + filled, (int) (sizeof block - filled));
        if (got > 0) {
            filled += (size_t) got;
        }
        if (filled == sizeof block || got <= 0) {
            if (filled > 0 && write(file, block, filled) != (ssize_t) filled) {
                return;
            }
            filled = 0;
        }
    } while (got > 0);
    SSL_shutdown(tls);
}

static void serve(SSL *tls) {
    char line[LINE + 1];
    int length = SSL_read(tls, line, LINE);
    if (length <= 4) {
        return;
    }
    line[length] = 0;
    line[strcspn(line, "\r\n")] = 0;
    int upload = strncmp(line, "PUT ", 4) == 0;
    int file = upload ? open(line + 4, O_WRONLY | O_CREAT | O_TRUNC, 0644) : open(line + 4, O_RDONLY);
    if (file < 0) {
        perror(line);
        return;
    }
    if (upload) {
        receive_file(tls, file);
    } else {
        send_file(tls, file);
    }
    close(file);
}

int main(int count, char **arguments) {
    if (count != 4) {
        fprintf(stderr, "usage: reference PORT CERTIFICATE DIRECTORY\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (!context || SSL_CTX_use_certificate_chain_file(context, arguments[2]) != 1
        || SSL_CTX_use_PrivateKey_file(context, arguments[2], SSL_FILETYPE_PEM) != 1) {
        fprintf(stderr, "the certificate cannot be used\n");
        return 1;
    }
    if (chdir(arguments[3]) != 0) {
        fail(arguments[3]);
    }
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t) atoi(arguments[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *) &address, sizeof address) != 0 || listen(listener, 16) != 0) {
        fail("listen");
    }
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        if (connection < 0) {
            fail("accept");
        }
        SSL *tls = SSL_new(context);
        SSL_set_fd(tls, connection);
        if (SSL_accept(tls) == 1) {
            serve(tls);
        }
        SSL_free(tls);
        close(connection);
    }
}
