// The least that Kestrel can do for a request: a constant body of a given size for every method and path, no logging.
// It is the yardstick of Host.Load, which starts it with the size that the service answered.
using System.Globalization;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();

var body = new byte[builder.Configuration.GetValue("BODY_BYTES", 64)];
body.AsSpan().Fill((byte)' ');

app.MapGet("/allocated", () => GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
app.Map("/{**path}", (RequestDelegate)(context =>
{
    context.Response.ContentType = "application/json";
    context.Response.ContentLength = body.Length;
    return context.Response.Body.WriteAsync(body, 0, body.Length, context.RequestAborted);
}));
app.Run();
