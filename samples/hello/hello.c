// A CGI program: the request arrives in environment variables, the response leaves on standard output.
// Headers first, then an empty line, then the body.
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    const char *path = getenv("PATH_INFO");

    // "/world" greets "world"; without a path there is nobody in particular to greet.
    const char *who = path != NULL && path[0] == '/' && path[1] != '\0' ? path + 1 : "stranger";

    printf("Content-Type: text/plain; charset=utf-8\n\n");
    printf("Hello, %s!\n", who);
    return 0;
}
