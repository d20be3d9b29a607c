// A CGI program that answers with the request's own body and content type.
// It writes what it has read before it reads on, so a body of any length passes through a buffer of 64 KiB.
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    static char buffer[64 * 1024];
    const char *type = getenv("CONTENT_TYPE");

    printf("Content-Type: %s\n\n", type != NULL && type[0] != '\0' ? type : "application/octet-stream");
    fflush(stdout);

    size_t length;
    while ((length = fread(buffer, 1, sizeof buffer, stdin)) > 0)
    {
        if (fwrite(buffer, 1, length, stdout) != length || fflush(stdout) != 0)
        {
            return 1;
        }
    }

    return ferror(stdin) ? 1 : 0;
}
