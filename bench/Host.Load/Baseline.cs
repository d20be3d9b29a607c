using System.Globalization;

namespace HostService.Load;

/// <summary>The bare endpoint's allocation counter.</summary>
internal static class Baseline
{
    public static async Task<double?> AllocatedBytesAsync(Uri address)
    {
        using var client = new HttpClient();
        return double.Parse(await client.GetStringAsync(new Uri(address, "/allocated")), CultureInfo.InvariantCulture);
    }
}
